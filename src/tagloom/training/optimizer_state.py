"""What an optimizer remembers, as tensors by a flat name; rows of tables by their number, the rest by parameter."""

from collections.abc import Mapping, Sequence

from torch import Tensor, nn
from torch.optim import Optimizer

from tagloom.training.optimizers import TableRows


def optimizer_tensors(optimizer: Optimizer, module: nn.Module, tables: Sequence[TableRows]) -> dict[str, Tensor]:
    """What it remembers.

    Args:
        optimizer: of the parameters of a module, and of rows of tables.
        module: whose parameters have names.
        tables: whose rows are trained.
    """
    tensors = {
        f"rows.{number}.{name}": memory for number, rows in enumerate(tables) for name, memory in rows.memory.items()
    }
    numbers: dict[Tensor, int] = {rows.parameter: number for number, rows in enumerate(tables)}
    names: dict[Tensor, str] = {parameter: name for name, parameter in module.named_parameters()}
    for parameter, state in optimizer.state.items():
        remembered = {key: value for key, value in state.items() if isinstance(value, Tensor)}
        if parameter in numbers:
            tensors |= {
                f"rows_scalar.{numbers[parameter]}.{key}": value
                for key, value in remembered.items()
                if value.dim() == 0
            }
        else:
            tensors |= {f"parameter.{names[parameter]}|{key}": value for key, value in remembered.items()}
    return tensors


def restore_optimizer(
    optimizer: Optimizer, module: nn.Module, tables: Sequence[TableRows], tensors: Mapping[str, Tensor]
) -> None:
    """Has a fresh optimizer remember what `optimizer_tensors` gave."""
    parameters, state = dict(module.named_parameters()), optimizer.state
    for name, tensor in tensors.items():
        kind, _, rest = name.partition(".")
        number, _, own = rest.partition(".")
        if kind == "rows":
            rows = tables[int(number)]
            rows.memory[own] = tensor.to(rows.parameter.device)
        elif kind == "rows_scalar":
            parameter = tables[int(number)].parameter
            state[parameter][own] = _placed(tensor, parameter, optimizer)
        else:
            named, _, key = rest.partition("|")
            state[parameters[named]][key] = _placed(tensor, parameters[named], optimizer)


def _placed(tensor: Tensor, parameter: nn.Parameter, optimizer: Optimizer) -> Tensor:
    """Beside its parameter; counters of optimizers that are not fused stay with the processor."""
    is_fused = optimizer.param_groups[0].get("fused")
    return tensor.to(parameter.device) if tensor.dim() or is_fused else tensor
