"""The settings of redirects: three forms, and a template that can be filled."""

from pathlib import Path

import pytest

from watchd.errors import SettingsError
from watchd.settings import Settings, load


def loaded(folder: Path, **env: str) -> Settings:
    return load({"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), **env})


def test_pictures_come_from_tmdb_unless_told_otherwise(tmp_path: Path) -> None:
    assert (loaded(tmp_path).images.redirect, loaded(tmp_path).images.template) == ("direct", None)
    assert loaded(tmp_path, WATCHD_IMAGES__REDIRECT="wsrv").images.redirect == "wsrv"


def test_a_template_names_what_it_wants_to_be_filled_with(tmp_path: Path) -> None:
    template = "https://cdn.example/{type}/{category}/{tmdb_id}{season}?u={url}&s={size}&f={file}"
    images = loaded(tmp_path, WATCHD_IMAGES__REDIRECT="template", WATCHD_IMAGES__TEMPLATE=template).images
    assert images.template == template


@pytest.mark.parametrize(
    "template",
    ["https://cdn.example/{tmdb}", "https://{type}.example/", "ftp://cdn.example/{file}", "https://a:b@cdn.example/", "https://cdn.example/{file",
     "https://cdn.example/{}", "https://cdn.example/a b", "https://cdn.example/é"],
)  # fmt: skip
def test_a_template_that_could_not_be_filled_is_refused_at_the_start(tmp_path: Path, template: str) -> None:
    with pytest.raises(SettingsError, match="WATCHD_IMAGES__TEMPLATE"):
        loaded(tmp_path, WATCHD_IMAGES__REDIRECT="template", WATCHD_IMAGES__TEMPLATE=template)


def test_the_form_of_a_template_needs_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="WATCHD_IMAGES__REDIRECT is template: set WATCHD_IMAGES__TEMPLATE too"):
        loaded(tmp_path, WATCHD_IMAGES__REDIRECT="template")
    with pytest.raises(SettingsError, match="WATCHD_IMAGES__REDIRECT"):
        loaded(tmp_path, WATCHD_IMAGES__REDIRECT="cdn")
