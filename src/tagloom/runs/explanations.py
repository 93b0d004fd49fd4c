"""What each option of a training means, for people who do not code; with what it takes, enough to draw a form from."""

from collections.abc import Mapping
from typing import Any

from tagloom.runs.config import OPTIONS, TrainingConfig

EXPLANATIONS: Mapping[str, str] = {
    "algorithm": "The kind of network: how it reads a word's letters (cnn, lstm) and chooses labels (crf, softmax).",
    "embeddings": "What words are looked up in: learned:100 learns 100 numbers for each word from your text, "
    "vectors:FILE takes those of a file, which know words that your text lacks.",
    "tune_vectors": "Whether training changes the numbers of a file of vectors too: it may fit better, and guards less "
    "against learning by heart.",
    "spare_words": "Words of a file of vectors that the model gets beside those of your text, the most frequent first: "
    "more are known in new text, and make the model larger.",
    "embedding_dropout": "Share of each word's numbers that a step leaves out at random, one for all embeddings or one "
    "for each; it guards as dropout does.",
    "pooling": "Which pieces of a word its vector from a transformer comes from: the first or the mean of all.",
    "encoder_layers": "How many of the last layers of a transformer or an ELMo are mixed; which count how much is "
    "learned.",
    "mix_decay": "How strongly the mix of a pretrained network's layers is drawn to their plain mean; 0 leaves it "
    "free.",
    "encoder_learning_rate": "How far a step changes the last layer of a transformer that is trained itself; much less "
    "than what is new.",
    "layer_decay": "How much less each layer of a transformer that is trained learns than the one above it: 0.9 is a "
    "tenth less.",
    "warmup": "Share of the training in which the learning rate rises from nothing; auto warms up where a transformer "
    "is trained.",
    "features_on_disk": "Gigabytes of disk that what frozen transformers gave may take, so that they need not read a "
    "sentence twice.",
    "characters": "How a word's letters are read: not at all (none), by short pieces (cnn) or in order (lstm); "
    "auto follows the algorithm.",
    "character_width": "Numbers that a letter is described by: more can learn more, and need more time.",
    "character_units": "Numbers that a word's letters are summed up in (for lstm twice as many): more can learn more, "
    "and need more time.",
    "casing_width": "Numbers for how a word is written, in capitals, small letters or digits; 0 leaves this out.",
    "decoder": "How labels are chosen: for a whole sentence at once (crf) or for each word (softmax); "
    "auto follows the algorithm.",
    "units": "LSTM units per direction: more can learn more, and need more text and time.",
    "layers": "How many BiLSTM layers stand on each other: more can learn more, and need more text and time.",
    "dropout": "Share of what goes into and out of the LSTM, and of letters' numbers, that a step leaves out at "
    "random: more guards small data against being learned by heart.",
    "recurrent_dropout": "Share of what is remembered from word to word that a step leaves out at random; "
    "it guards as dropout does.",
    "kernel_initializer": "How the LSTM's first weights are drawn; there is seldom a reason to change it.",
    "optimizer": "The rule by which each step changes the network; adam suits most data.",
    "learning_rate": "How far a step changes the network at the start: too much never settles, too little takes long.",
    "momentum": "Share of the last step's direction that the next one keeps; only sgd uses it.",
    "weight_decay": "How strongly weights are drawn towards 0, against learning by heart; only adamw uses it.",
    "clip_norm": "The longest that the change asked for by one step may be, so that no sentence upsets the network; "
    "0 sets no limit.",
    "average_decay": "How much the mean of earlier steps' weights counts at each step: the model gets that mean, which "
    "is steadier than the last step; 0.99 looks back some hundred steps, 0 takes the last step alone.",
    "schedule": "How the learning rate goes on: as it is (constant), or down, after each epoch (inverse_time) or "
    "step by step to nothing (linear, cosine).",
    "loss": "What training makes smaller; it belongs to the decoder, and auto takes the right one.",
    "label_weights": "How much each label counts in training: 1 unless you say otherwise; more finds more of it, "
    "with more false alarms. O stands for words outside.",
    "batch_size": "Sentences a step: fewer make more steps an epoch, more go faster; auto looks at how many there are "
    "and at the device.",
    "epochs": "How often the whole training part is gone through: more can learn more, and need more time.",
    "metrics": "The figures that are worked out on the dev part after each epoch.",
    "monitor": "The figure by which the best epoch is chosen.",
    "mode": "Whether more (max) or less (min) of that figure is better; auto knows.",
    "save_best_only": "Whether only the best epoch's model is kept, or one of each epoch, which takes more disk.",
    "patience": "Epochs without a better one after which training ends early; 0 always goes through all epochs.",
    "min_delta": "How much better an epoch must be for patience to count it as better.",
    "validation_split": "Share of the training part that is set aside to choose the best epoch by, where there is no "
    "dev part.",
    "seed": "Where chance begins: another seed makes a slightly different model of the same data.",
    "device": "What it is calculated on: the processor (cpu), an NVIDIA GPU (cuda) or Apple's (mps); "
    "auto takes a GPU if there is one.",
    "precision": "How exactly it is calculated: float32, or bfloat16, which is faster and coarser, on a GPU alone.",
    "threads": "Processors that it may use at once; 0 takes OMP_NUM_THREADS, or else all that it is allowed.",
}
"""One line for each option, in their order."""


def explained_options() -> dict[str, dict[str, Any]]:
    """Each option by name: its `help`, its `default`, and what it takes, as `Option.to_json` tells it.

    Example:
        >>> explained_options()["units"]["lowest"], explained_options()["units"]["default"]
        (1, 100)
    """
    defaults = TrainingConfig().to_options()
    return {
        name: {**option.to_json(), "default": defaults[name], "help": EXPLANATIONS[name]}
        for name, option in OPTIONS.items()
    }
