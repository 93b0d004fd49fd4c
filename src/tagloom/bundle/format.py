"""What a bundle is made of: names, sizes, version."""

from collections.abc import Mapping
from dataclasses import dataclass

from tagloom.schemes import BIO, BIOES


@dataclass(frozen=True, slots=True)
class Format:
    """One version of the format.

    Args:
        schemes: names of those that tags may be in.
        has_temperature: whether the config says what scores are divided by; where not, it is 1.
        has_form: whether the vocabulary says under which form words are looked up; where not, it is `folded`.
        has_precision: whether the config says in which precision its network computes; where not, it is `float32`.
        has_tables: whether words are looked up in a table for each embedding, and an encoder may be there; where not,
            there is one table and no encoder.
    """

    schemes: tuple[str, ...]
    has_temperature: bool = True
    has_form: bool = True
    has_precision: bool = True
    has_tables: bool = True


FORMATS: Mapping[int, Format] = {
    1: Format((BIOES.name,), has_temperature=False, has_form=False, has_precision=False, has_tables=False),
    2: Format((BIOES.name,), has_form=False, has_precision=False, has_tables=False),
    3: Format((BIO.name, BIOES.name), has_precision=False, has_tables=False),
    4: Format((BIO.name, BIOES.name), has_tables=False),
    5: Format((BIO.name, BIOES.name)),
}
"""Every version that is read."""

FORMAT_VERSION = max(FORMATS)
"""The version that is written."""

TEMPERATURES = (0.01, 100.0)
"""Least and most that a model's scores may be divided by."""

CONFIG = "config.json"
VOCABULARY = "vocabulary.json"
NETWORK = "network.onnx"
CHARACTERS = "characters.onnx"
ENCODER = "encoder.onnx"
TOKENIZER = "tokenizer.json"
WEIGHTS = "weights.safetensors"
REPORT = "report.json"
CARD = "README.md"

KIBIBYTE, MEBIBYTE = 2**10, 2**20


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a bundle.

    Args:
        limit: most bytes that it may have.
    """

    limit: int


MEMBERS: Mapping[str, Member] = {
    CONFIG: Member(MEBIBYTE),
    VOCABULARY: Member(64 * MEBIBYTE),
    NETWORK: Member(1024 * MEBIBYTE),
    CHARACTERS: Member(256 * MEBIBYTE),
    ENCODER: Member(2047 * MEBIBYTE),
    TOKENIZER: Member(64 * MEBIBYTE),
    WEIGHTS: Member(4096 * MEBIBYTE),
    REPORT: Member(64 * MEBIBYTE),
    CARD: Member(MEBIBYTE),
}
"""Every file that a bundle may hold. What is not here is not read."""

MAX_LABELS = 256
"""Labels that a bundle may tell apart; decoding weighs (tags, tags) steps at each word, 4 tags a label."""

FLOAT32, EIGHT_BITS = "float32", "int8"
PRECISIONS = FLOAT32, EIGHT_BITS
"""In which a network's LSTMs may compute."""

QUANTIZED_LSTM = "com.microsoft", "DynamicQuantizeLSTM"
"""Domain and name of the operator that computes an LSTM in 8 bits."""

_OF_ONNX = "Add Cast Conv Equal Gather MatMul Not ReduceMax ReduceSum Reshape Transpose Unsqueeze Where".split()

LOOP = "", "Scan"
"""Domain and name of the operator that runs a graph of its own: once for each word, so that it always ends."""

PAD = "", "Pad"
"""Domain and name of the operator that puts values around others; those that it is given alone."""

_OF_ENCODERS = (
    "Abs Add And Cast Ceil Clip Concat Constant ConstantOfShape Conv Cos CumSum Div DynamicQuantizeLinear Equal Erf "
    "Exp Expand Floor Gather GatherElements GatherND Gelu Gemm Greater GreaterOrEqual Identity IsNaN "
    "LayerNormalization Less LessOrEqual Log MatMul MatMulInteger Max Min Mod Mul Neg Not Or Pad Pow Range Reciprocal "
    "ReduceMax ReduceMean ReduceSum Relu Reshape ReverseSequence Shape Sigmoid Sign Sin Slice Softmax Split Sqrt "
    "Squeeze Sub Tanh Tile Transpose Trilu Unsqueeze Where"
).split()

ALLOWED_OPERATORS: Mapping[str, frozenset[tuple[str, str]]] = {
    FLOAT32: frozenset({("", name) for name in (*_OF_ONNX, "LSTM")}),
    EIGHT_BITS: frozenset({*(("", name) for name in _OF_ONNX), QUANTIZED_LSTM}),
    ENCODER: frozenset({LOOP, *(("", name) for name in _OF_ENCODERS)}),
}
"""Domain and name of what a network of each precision, and an encoder, may compute with: no loop within a loop or with
an end of its own, no branches, no functions, nothing that reads a file."""
