/**
 * PyTorch's checkpoints, read ({@link trm4j.model.torch.StateDict}) and written ({@link
 * trm4j.model.torch.TorchExport}) without PyTorch, and Safetensors of other programs ({@link
 * trm4j.model.torch.WeightsFile} is either). A file may come from anyone, so a pickle is only read as data, and
 * none of its names is ever looked up or called.
 */
package trm4j.model.torch;
