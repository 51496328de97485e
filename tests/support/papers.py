"""Papers for load kiosks by a throw-away authority."""

from pathlib import Path

import trustme

from provisioning.players.papers import Papers


def write_papers(folder: Path, names: list[str]) -> Papers:
    """A key and a certificate each, and the authority that made them as `ca`."""
    folder.mkdir(exist_ok=True)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    for name in names:
        made = authority.issue_cert(common_name=name)
        made.private_key_pem.write_to_path(folder / f"{name}.key")
        for blob in made.cert_chain_pems:
            blob.write_to_path(folder / f"{name}.crt", append=True)
    return Papers(folder / "ca.pem", folder)
