"""Training of the ranker of frames: from marked sentences to weights.

bank        reads marked sentences
examples    training examples: the lattice of a text and the worth of its candidates
learn       the learner
train       trains weights in two rounds, and evaluates them
retrain     trains with a project's sentences added to the packaged ones, and compares the weights
"""
