"""The two examples are complete, valid and true to the county's plan."""

import dataclasses
from pathlib import Path

import msgspec
import pytest

from hall.config import shape, shape_devices
from hall.config.load import load
from hall.config.model import HallConfig
from halldrivers.ratingpad.address import parse_pad
from halldrivers.transport import transport_for
from hallqueue.plan import Limits, PrintRules, RatingRules, Service, Window
from hallqueue.states import Level

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def township() -> HallConfig:
    return load(EXAMPLES / "township.toml")


@pytest.fixture(scope="module")
def village() -> HallConfig:
    return load(EXAMPLES / "village.toml")


def services_of(config: HallConfig, group: str) -> set[str]:
    return {service.id for service in config.plan.services if service.group == group}


def window(config: HallConfig, number: int) -> Window:
    found = config.plan.window(number)
    assert found is not None
    return found


def test_the_four_busy_offices_have_a_window_of_their_own(township: HallConfig) -> None:
    special = {w.number: set(w.serves) for w in township.plan.windows if w.kind == "special"}
    assert special == {
        number: services_of(township, group)
        for number, group in ((1, "gongan"), (2, "minzheng"), (3, "renshe"), (4, "yibao"))
    }


def test_everything_else_goes_through_the_general_windows(township: HallConfig) -> None:
    offices = ["自然资源", "水务", "卫健", "退役军人", "残联", "妇联及其他事项"]
    assert [s.name for s in township.plan.services if s.group == "zonghe"] == offices
    general = [w for w in township.plan.windows if w.kind == "general"]
    assert len(general) == 2
    assert all(services_of(township, "zonghe") <= set(w.serves) for w in general)


def test_the_one_visit_matter_is_marriage_birth_and_household(township: HallConfig) -> None:
    [bundle] = [service for service in township.plan.services if service.matters]
    assert bundle.matters == ("hunyin-dengji", "weijian", "hukou-dengji")
    assert set(bundle.matters) <= set(window(township, 6).serves), "one window does all of it"


def test_the_township_is_open_on_working_days_with_a_noon_break(township: HallConfig) -> None:
    hours = [(s.weekdays, s.start, s.end) for s in township.plan.calendar.sessions]
    days = (1, 2, 3, 4, 5)
    assert hours == [(days, "08:30", "12:00"), (days, "14:00", "18:00")]


def test_the_old_the_disabled_the_pregnant_and_soldiers_go_first(township: HallConfig) -> None:
    assert [(p.name, p.rank) for p in township.plan.priorities] == [
        ("老年人", 1),
        ("残疾人", 1),
        ("孕妇", 1),
        ("军人、退役军人", 1),
    ]


def test_the_township_fits_the_terminal(township: HallConfig) -> None:
    assert len(township.plan.groups) == 6
    assert all(1 <= len(services_of(township, group.id)) <= 6 for group in township.plan.groups)


def test_the_township_prints_on_the_network_and_rates_on_pads(township: HallConfig) -> None:
    assert township.printer is not None and township.printer.url.startswith("tcp://")
    assert township.printer.profile.width_mm == 80
    assert [pad.window for pad in township.pads] == [1, 2, 3]
    assert township.keys["4"] is Level.DISSATISFIED


def test_the_township_names_a_town_that_does_not_exist_and_says_so(township: HallConfig) -> None:
    assert township.plan.hall_name == "同心县清水镇民生服务中心（示例）"
    assert "镇名是虚构的" in (EXAMPLES / "township.toml").read_text(encoding="utf-8")


def test_the_village_is_one_desk_that_does_everything(village: HallConfig) -> None:
    [desk] = village.plan.windows
    assert set(desk.serves) == {service.id for service in village.plan.services}
    assert village.printer is not None and village.printer.profile.width_mm == 58


@pytest.mark.parametrize("name", ["township", "village"])
def test_the_drivers_understand_the_device_urls_of_the_examples(name: str) -> None:
    config = load(EXAMPLES / f"{name}.toml")
    assert config.printer is not None
    transport_for(config.printer.url)
    for pad in config.pads:
        parse_pad(pad.url)


def test_a_line_left_out_means_the_default_of_the_plan() -> None:
    assert msgspec.structs.asdict(shape.LimitsSection()) == dataclasses.asdict(Limits())
    assert shape.RatingSection().timeout_s == RatingRules().timeout_s
    assert shape.RatingSection().profile == RatingRules().profile
    assert shape_devices.PrintingSection().expire_s == PrintRules().expire_s
    assert shape_devices.PrintingSection().max_copies == PrintRules().max_copies


@pytest.mark.parametrize(
    ("row", "record"), [(shape.ServiceRow, Service), (shape.WindowRow, Window)], ids=["service", "window"]
)
def test_the_rows_of_the_file_have_the_fields_and_defaults_of_the_plan(
    row: type[msgspec.Struct], record: type[Service] | type[Window]
) -> None:
    in_file = {field.name: field.default for field in msgspec.structs.fields(row) if not field.required}
    in_plan = {f.name: f.default for f in dataclasses.fields(record) if f.default is not dataclasses.MISSING}
    assert in_file == in_plan
