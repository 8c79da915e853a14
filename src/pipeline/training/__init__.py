"""Training of the ranker of frames: from marked sentences to weights.

bank        marked sentences, as files have them
examples    a marked text as the ranker sees it
learn       the learner
train       the weights that examples teach, and whether answers by them are right
retrain     a project's own sentences beside the packaged ones: weights, and whether they are better
"""
