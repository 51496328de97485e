"""`python -m broker_config --state DIR`: a broker, kept alive.

With `--port N` one without identities, for this machine only; with `--identities DIR --exchange DIR
--kiosk-port N --office-port N` the office's, where everybody shows a certificate. Only wires: which
program is `plan`'s decision, keeping it alive is `child`'s work, what a keeper does is `keeper`'s.
"""

import argparse
import signal
import sys
from pathlib import Path

from broker_config import identity_main
from broker_config.child import Child, ChildFailed
from broker_config.knock import is_taken
from broker_config.plan import Plan, as_owner, choose, prepare
from broker_config.settings import BrokerRefused, Settings, TlsListener
from broker_config.stop import Stop


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m broker_config", description=__doc__)
    options.add_argument("--state", type=Path, required=True, help="folder the broker keeps")
    options.add_argument("--port", type=int, default=1883)
    options.add_argument("--bind", default="127.0.0.1", help="only this machine's own addresses")
    options.add_argument("--fallback", action="store_true", help="use rumqttd, loopback only")
    options.add_argument("--tls-port", type=int)
    for name in ("ca", "cert", "key"):
        options.add_argument(f"--tls-{name}", type=Path)
    office = options.add_argument_group("with identities")
    add = office.add_argument
    add("--identities", type=Path, help="what the authority issued to the office")
    add("--exchange", type=Path, help="folder shared with the warden: lists in, answers out")
    add("--kiosk-port", type=int)
    add("--kiosk-bind", default="127.0.0.1", help="any address of this machine; 0.0.0.0 for all")
    add("--office-port", type=int)
    add("--office-bind", default="127.0.0.1")
    add("--most-kiosks", type=int, default=60_000, help="connections at the kiosks' door")
    return options


def settings_of(args: argparse.Namespace) -> Settings:
    """Raises BrokerRefused."""
    tls = None
    if args.tls_port is not None:
        files = (args.tls_ca, args.tls_cert, args.tls_key)
        if None in files:
            raise BrokerRefused("--tls-port needs --tls-ca, --tls-cert and --tls-key")
        tls = TlsListener(port=args.tls_port, ca=files[0], cert=files[1], key=files[2])
    return Settings(port=args.port, state=args.state.resolve(), bind=args.bind, tls=tls)


def main(argv: list[str] | None = None) -> int:
    args = parser().parse_args(argv)
    try:
        if args.identities is not None:
            return identity_main.run(identity_main.keeper(args, _say), _obedient(), _say)
        settings = as_owner(settings_of(args))
        plan = choose(settings, only_fallback=args.fallback)
        _refuse_taken(settings)
        return _keep(prepare(plan, settings, settings.state / "broker.log"), plan, settings)
    except (BrokerRefused, ChildFailed, OSError) as error:
        _say(f"broker: {error}")
        return 2


def _refuse_taken(settings: Settings) -> None:
    if is_taken(settings.bind, settings.port):
        raise BrokerRefused(
            f"port {settings.port} is in use: stop that program or choose another with --port"
        )


def _keep(child: Child, plan: Plan, settings: Settings) -> int:
    stop = _obedient()
    try:
        child.start()
        child.wait_ready()
        _say(f"broker: {plan.program} on {settings.bind}:{settings.port}, pid {child.pid}")
        if plan.why:
            _say(f"broker: this is not Mosquitto ({plan.why}). It lacks:")
        for lack in plan.lacks:
            _say(f"broker:   {lack}")
        while not stop.wait(0.25):
            if said := child.check():
                _say(said)
    finally:
        child.stop()
    return 0


def _obedient() -> Stop:
    stop = Stop()
    stop.obey((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    return stop


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - this is a command


if __name__ == "__main__":
    sys.exit(main())
