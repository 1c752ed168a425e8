"""The encoder without torch: a graph written from the weights, run by ONNX Runtime."""
