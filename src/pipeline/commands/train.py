"""`wenshu train`: weights trained on packaged sentences and on those that officers corrected."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from pipeline.catalog_files import WEIGHTS, ensure_project_catalog
from pipeline.decisions.writing import BANK
from pipeline.errors import WenshuError
from pipeline.language import localized, translate
from pipeline.project import project_from_args
from pipeline.safe_files import replace_file

if TYPE_CHECKING:
    from pipeline.training.retrain import Score


def run(args: Namespace) -> int:
    """Run `wenshu train`: train, print the scores, use the new weights where they are better; 1 where not."""
    from pipeline.frames.weights import dump_project_weights
    from pipeline.training.bank import load_bank, packaged_bank
    from pipeline.training.retrain import MIN_SENTENCES, retrain

    project = project_from_args(args)
    corrected = {one.text: one for one in load_bank(project.decisions / BANK) if one.marks}
    if len(corrected) < MIN_SENTENCES:
        raise WenshuError(
            f"decisions/bank holds {len(corrected)} marked sentences, and some are to be held out; correct "
            f"what figures count on the desk (wenshu desk) until there are {MIN_SENTENCES} or more"
        )
    result = retrain(tuple(load_bank(packaged_bank())), tuple(corrected.values()), _print_progress)
    print(_line("本项目的句子（未学过的）", "this project's sentences, held out", result.own))
    print(_line("随包的句子（都学过）", "packaged sentences, learnt by both", result.packaged))
    if not result.better:
        print(translate("they are no better; nothing was changed"))
        return 1
    folder = ensure_project_catalog(project)
    replace_file(folder / WEIGHTS, dump_project_weights(result.weights))
    print(
        translate(
            f"they are better and in {folder / WEIGHTS}; the next run reads every article anew. "
            "Delete the file to go back"
        )
    )
    return 0


def _print_progress(message: str) -> None:
    print(f"wenshu: {translate(message)}", file=sys.stderr, flush=True)


def _line(zh: str, en: str, score: Score) -> str:
    figures, before, after = score
    return localized(
        f"{zh}：{figures} 个数，读对 {before} → {after}", f"{en}: {figures} figures, right {before} → {after}"
    )
