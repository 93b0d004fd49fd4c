"""The server of a workbench."""

import contextlib
import gc
from collections.abc import Callable, Iterator

from tagloom.errors import ConfigError
from tagloom.serving.gate import Draining
from tagloom.serving.server import address_of, listening, run
from tagloom.serving.state.presence import only_server
from tagloom.workbench.accounts.invitations import invite
from tagloom.workbench.accounts.people import is_anybody_there, password_of
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.app import create_app
from tagloom.workbench.database.store import Store
from tagloom.workbench.folders import Folders
from tagloom.workbench.options import Options


def serve(
    options: Options, *, host: str, port: int, on_start: Callable[[str, str | None], object] = lambda *_: None
) -> None:
    """Serves until SIGTERM or SIGINT; then what has begun is answered, while trainings go on.

    Args:
        options: how it runs.
        host: address to listen at.
        port: to listen at; 0 for any that is free.
        on_start: is told the address, and that of the link that makes the first account, None where there is one.

    Raises:
        ConfigError: the address cannot be taken, another workbench has the folder, or it holds what is none of a
            workbench's.
    """
    folders = Folders(options.folder)
    with _only_workbench(folders), listening(host, port) as listener:
        store, draining = Store(folders.root), Draining()
        link = _first_link(store)
        address = address_of(host, listener)
        told = None if link is None else f"{address}/invitation/{link}"
        app = create_app(options, store, draining)
        run(app, listener, draining, options.limits, on_start=lambda: _started(on_start, address, told))


def _started(on_start: Callable[[str, str | None], object], address: str, told: str | None) -> None:
    gc.collect()
    gc.freeze()  # what is here stays: to look through it for garbage would halt every request for 0.1 s now and then
    on_start(address, told)


def new_password_link(options: Options, name: str) -> str:
    """The end of a link that sets a password anew: for who has the machine, and has forgotten it.

    Raises:
        ConfigError: there is nobody of that name.
    """
    with contextlib.closing(Store(Folders(options.folder).root)) as store:
        found = store.read_now(lambda connection: password_of(connection, name))
        if found is None:
            raise ConfigError(f"name: expected somebody who has an account, received {name[:100]!r}.")
        _, secret = store.write_now(lambda connection: invite(connection, found[0].role, person=found[0]))
    return f"/invitation/{secret}"


@contextlib.contextmanager
def _only_workbench(folders: Folders) -> Iterator[None]:
    """Within the block this process is the one workbench over a data folder.

    Raises:
        ConfigError: another one is.
    """
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(only_server(folders.serving))
        except ConfigError as error:
            raise ConfigError(
                f"{folders.root}: expected the folder of no running workbench, received that of another workbench. "
                "Use that one, or name another --data folder."
            ) from error
        yield


def _first_link(store: Store) -> str | None:
    """The secret of the link that makes the owner's account; None where somebody has one."""
    if store.read_now(is_anybody_there):
        return None
    return store.write_now(lambda connection: invite(connection, Role.ADMIN))[1]
