"""Folders are found in a wheel and in a checkout."""

import pytest

from portal.platform.paths import BESIDE, INSIDE, PACKAGE, resource


@pytest.mark.parametrize("name", BESIDE)
def test_an_installed_wheel_reads_what_it_carries(tmp_path, name):
    carried = tmp_path / "portal/_bundled" / name
    carried.mkdir(parents=True)
    assert resource(name, tmp_path / "portal") == carried


@pytest.mark.parametrize("name", BESIDE)
def test_a_checkout_reads_the_folders_beside_the_package(name):
    assert resource(name) == PACKAGE.parent / name


@pytest.mark.parametrize("name", INSIDE)
def test_the_package_itself_holds_the_rest(name):
    assert resource(name).is_relative_to(PACKAGE)


def test_an_unknown_folder_is_a_mistake():
    with pytest.raises(KeyError):
        resource("polices")
