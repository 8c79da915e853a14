"""The commands: a row a command, each with its arguments and a library function.

A command's function takes the parsed arguments and returns the exit code. The row has
it as text, and it is imported when it is called: `wenshu --help` loads nothing.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.commands.arguments import FILES, PROJECT, Argument, Command, formats, port, positive

__all__ = [
    "CANNOT_RUN", "COMMANDS", "FILES", "PROJECT", "READER_LEFT", "STOPPED", "Argument", "Command", "formats",
]  # fmt: skip

CANNOT_RUN = 2
"""Exit code of wrong use, and of what the user has to mend first."""
STOPPED = 130
"""Exit code after Ctrl-C, as shells have it (128 and SIGINT)."""
READER_LEFT = 141
"""Exit code where nobody reads stdout any more, as shells have it (128 and SIGPIPE)."""

COMMANDS: tuple[Command, ...] = (
    Command(
        name="run",
        help="one nightly run: raw/ in, a validated release in output/ out",
        function="pipeline.commands.run:run",
        arguments=(
            Argument(
                "--allow-schema-change",
                action="store_true",
                help="publish though a column of the last release is gone",
            ),
            Argument("--dry", action="store_true", help="release nothing: say what would be released"),
            Argument("--full", action="store_true", help="read every article anew; the bytes are the same"),
            Argument("--processes", type=positive, metavar="N", help="how many read; one a core by default"),
            Argument("--dask", metavar="ADDRESS", help="have a Dask cluster read: tcp://HOST:8786"),
            Argument(
                "--log-format",
                choices=("text", "json"),
                help="of stderr: text by default",
            ),
            *PROJECT,
        ),
        examples="""
            wenshu run                     raw/ to output/, of the project in this folder
            wenshu run --raw raw/examples  other texts, by the same rules
            wenshu run --dry               what would be released; output/ stays as it is
            exit code: 0 released, or nothing new; 1 withheld by validation; 2 could not run
        """,
    ),
    Command(
        name="runs",
        help="what the last runs came to, with their times and counts",
        function="pipeline.commands.runs:run",
        arguments=(
            formats("table", "jsonl"),
            Argument("--limit", type=positive, default=20, metavar="N", help="the last N; 20 by default"),
            *PROJECT,
        ),
    ),
    Command(
        name="schedule",
        help="run every night, on the schedule of wenshu.toml, until stopped",
        function="pipeline.commands.run:schedule",
        arguments=PROJECT,
    ),
    Command(
        name="expectations",
        help="bring expectations/ up to the tables' declarations, keeping what people wrote",
        function="pipeline.commands.run:expectations",
        arguments=(Argument("action", choices=("sync",), help="what to do"), *PROJECT),
    ),
    Command(
        name="extract",
        help="every numeral of some texts, with its value, unit, qualifier and subject",
        function="pipeline.commands.extract:run",
        arguments=(
            formats("table", "jsonl", "csv"),
            Argument("--explain", action="store_true", help="name the rule that took each numeral"),
            PROJECT[0],
            FILES,
        ),
        examples="""
            wenshu extract raw/page.txt                      sentence by sentence, numbers marked
            wenshu extract --explain raw/page.txt            with the rule that read each one
            wenshu extract --format csv raw/*.txt > all.csv  one row a numeral
        """,
    ),
    Command(
        name="check",
        help="the arithmetic that some texts state, and what does not add up",
        function="pipeline.commands.check:run",
        arguments=(formats("table", "jsonl"), PROJECT[0], FILES),
        examples="""
            wenshu check raw/page.txt                 each sentence, its equation, what it should have been
            wenshu check --format jsonl raw/*.txt     one equation a line
            exit code: 0 all of it holds; 1 where one fails; 2 where no file could be read
        """,
    ),
    Command(
        name="init",
        help="make a new project in a folder, ready to run",
        function="pipeline.commands.init:run",
        arguments=(Argument("folder", type=Path, metavar="FOLDER", help="a new folder, or an empty one"),),
        examples="""
            wenshu init town && cd town && wenshu run
        """,
    ),
    Command(
        name="doctor",
        help="say what is missing or odd in this project and installation",
        function="pipeline.commands.doctor:run",
        arguments=PROJECT,
        examples="""
            wenshu doctor                     a line for each thing, with what to do
            exit code: 0 nothing is; 1 something is
        """,
    ),
    Command(
        name="issues",
        help="what the last run doubts, for the data officer",
        function="pipeline.commands.decide:issues_command",
        arguments=(
            formats("table", "jsonl"),
            Argument("--all", action="store_true", help="accepted and resolved ones too"),
            *PROJECT,
        ),
        examples="""
            wenshu issues                      fingerprint, severity, state, and what it is
            wenshu issues --all --format jsonl one issue a line, with what can be decided on
        """,
    ),
    Command(
        name="decide",
        help="write down what an officer decides on an issue; the next run applies it",
        function="pipeline.commands.decide:decide_command",
        arguments=(
            Argument("issue", metavar="ISSUE", help="its fingerprint, or the first letters of it"),
            Argument("action", choices=("correct", "drop", "accept", "flag"), help="what to do"),
            Argument("--reason", required=True, metavar="TEXT", help="why, in a sentence"),
            Argument("--value", metavar="NUMBER", help="for correct: the right number"),
            Argument("--target", metavar="ID", help="which of the issue's figures, by its id or its text"),
            Argument("--officer", metavar="NAME", help="who decides; your login name by default"),
            Argument("--expires", metavar="DATE", help="the last day it holds, as 2027-06-30"),
            *PROJECT,
        ),
        examples="""
            wenshu decide 9e2a accept --reason "来稿单位确认照发"
            wenshu decide 9e2a correct --target 204个 --value 203 --reason "报社来函更正"
            wenshu decide 9e2a drop --target 204个 --reason "并非统计数" --expires 2027-06-30
        """,
    ),
    Command(
        name="desk",
        help="the officer's desk: a local page to review, correct and catalogue in",
        function="pipeline.commands.desk:run",
        arguments=(
            Argument(
                "--no-browser", dest="browser", action="store_false", help="print the link, open nothing"
            ),
            Argument("--port", type=port, default=0, metavar="N", help="its port; any free one by default"),
            Argument(
                "--host",
                default="127.0.0.1",
                metavar="ADDRESS",
                help="where it listens; beyond this machine it needs WENSHU_DESK_PASSWORD",
            ),
            *PROJECT,
        ),
        examples="""
            wenshu desk                        opens the browser; the link works once
            wenshu desk --no-browser --port 8765
        """,
    ),
    Command(
        name="train",
        help="learn from the sentences that officers corrected what figures count, where that reads better",
        function="pipeline.commands.train:run",
        arguments=PROJECT,
        examples="""
            wenshu train                       scores on sentences held out; catalog/weights.txt if better
            exit code: 0 the new weights are in use; 1 they are no better; 2 could not train
        """,
    ),
    Command(
        name="releases",
        help="list, verify, repair or prune what was released",
        function="pipeline.commands.releases:run",
        arguments=(
            Argument("action", choices=("list", "verify", "repair", "prune"), help="what to do"),
            Argument("versions", nargs="*", metavar="VERSION", help="releases to verify; all by default"),
            Argument(
                "--keep", type=int, default=30, metavar="N", help="how many prune leaves; 30 by default"
            ),
            Argument(
                "--set-aside", action="store_true", help="for repair: move away what cannot be brought back"
            ),
            *PROJECT,
        ),
        examples="""
            wenshu releases list               every release, the oldest first
            wenshu releases verify 2026.11.22  whether every byte is as it was published
            wenshu releases repair             bring back, byte for byte, what was damaged or lost
            wenshu releases prune --keep 10    delete all but the last ten
        """,
    ),
    Command(
        name="diff",
        help="show what changed between two releases",
        function="pipeline.commands.releases:diff",
        arguments=(
            Argument("old", metavar="OLD", help="a version, a release's folder or its URL"),
            Argument("new", metavar="NEW", help="a version, latest, a release's folder or its URL"),
            *PROJECT,
        ),
        examples="""
            wenshu diff 2026.11.21 latest      table, key, change, column, old, new, cause
        """,
    ),
    Command(
        name="site",
        help="build the download site of the releases, or serve it on this machine",
        function="pipeline.site.command:run",
        arguments=(
            Argument("action", choices=("build", "serve"), help="what to do"),
            Argument(
                "--port", type=port, default=8000, metavar="N", help="for serve: its port; 8000 by default"
            ),
            *PROJECT,
        ),
        examples="""
            wenshu site build                    make output/site/ anew and switch to it at once
            wenshu site serve --port 8080        look at it on http://127.0.0.1:8080/
        """,
    ),
    Command(
        name="publish",
        help="publish the releases and the site to a URL, its pointer last",
        function="pipeline.commands.publish:run",
        arguments=(
            Argument(
                "url", nargs="?", metavar="URL", help="such as s3://bucket/folder; the project's by default"
            ),
            *PROJECT,
        ),
        examples="""
            wenshu publish s3://bucket/wenshu    what is there already is not sent again
        """,
    ),
    Command(
        name="catalog",
        help="check the catalog, try a file of indicators on the articles, or suggest concepts",
        function="pipeline.commands.catalog:run",
        arguments=(
            Argument("action", choices=("check", "try", "suggest"), help="what to do"),
            Argument("file", nargs="?", type=Path, metavar="FILE.yaml", help="for try: a file of indicators"),
            Argument(
                "--limit", type=int, default=20, metavar="N", help="how many to show of each; 20 by default"
            ),
            *PROJECT,
        ),
        examples="""
            wenshu catalog check                 whether catalog/ is sound, with file, line and field
            wenshu catalog try new.yaml          what its indicators would catch, with the sentences
            wenshu catalog suggest > own.csv     subjects that name no concept, the most frequent first
        """,
    ),
)
