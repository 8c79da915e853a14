"""`wenshu desk`: the officer's local page."""

from __future__ import annotations

import os
import signal
import sys
from argparse import Namespace
from threading import Thread

from pipeline.desk.access import LOOPBACK
from pipeline.desk.server import DeskServer
from pipeline.errors import one_line
from pipeline.language import translate
from pipeline.project import project_from_args

PASSWORD = "WENSHU_DESK_PASSWORD"
"""Environment variable with the password that a desk open to other machines asks for."""


def run(args: Namespace) -> int:
    """Run `wenshu desk` until it is stopped."""
    project = project_from_args(args)
    served = DeskServer(
        project, host=args.host, port=args.port, password=os.environ.get(PASSWORD) or None, config=args.config
    )
    if args.host not in LOOPBACK:
        print(
            translate(
                f"warning: {one_line(args.host)} opens the desk to other machines; nothing "
                "that is sent, the password among it, is encrypted"
            ),
            file=sys.stderr,
        )

    def ready(link: str) -> None:
        print(link, flush=True)
        if args.browser:
            import webbrowser

            Thread(target=webbrowser.open, args=(link,), daemon=True).start()

    # A script that starts it in the background leaves Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    served.serve(ready)
    return 0
