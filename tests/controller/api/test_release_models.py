"""The document's shapes of releases are the house's own rows: no field is forgotten or made up."""

import pytest
from pydantic import BaseModel

from controller.api import release_models as models
from controller.releases import changes, drafts, make, read, signing


@pytest.mark.parametrize(
    ("model", "row"),
    [
        (models.Release, read.ReleaseRow),
        (models.ReleaseDetail, read.Release),
        (models.FileChange, changes.Change),
        (models.FileChanges, changes.Changes),
        (models.Signing, signing.Signing),
        (models.Signer, signing.Signer),
        (models.Checked, drafts.Finished),
        (models.GivenTerms, make.Terms),
    ],
)
def test_a_model_has_the_fields_of_its_row(
    model: type[BaseModel], row: type[tuple[object, ...]]
) -> None:
    fields: tuple[str, ...] = row._fields  # type: ignore[attr-defined]
    assert list(model.model_fields) == list(fields)


def test_the_path_of_a_draft_is_not_told() -> None:
    shown = [name for name in drafts.Draft._fields if name != "folder"]
    assert list(models.MadeDraft.model_fields) == shown
