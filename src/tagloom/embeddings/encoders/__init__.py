"""Encoders that give each word a vector in its sentence: transformers, by ONNX Runtime."""
