"""Whether a touch screen is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.screen_touch import has_touch

DIRECT = 'N: Name="eGalax"\nB: PROP=2\nB: EV=b\nB: KEY=400 0 0 0 0 0\nB: ABS=260800000000003\n'
RESISTIVE = 'N: Name="MicroTouch"\nB: PROP=0\nB: EV=b\nB: KEY=400 0 0 0 0 0\nB: ABS=3\n'
RESISTIVE_32 = "B: PROP=0\nB: EV=b\nB: KEY=400 0 0 0 0 0 0 0 0 0 0\nB: ABS=3\n"
TOUCH_PAD = "B: PROP=5\nB: EV=b\nB: KEY=e520 10000 0 0 0 0\nB: ABS=660800011000003\n"
DRAWING_PAD = "B: PROP=1\nB: EV=b\nB: KEY=c01 0 0 0 0 0\nB: ABS=3\n"
MOUSE = "B: PROP=0\nB: EV=17\nB: KEY=70000 0 0 0 0\nB: REL=903\n"


@pytest.mark.parametrize("devices", [DIRECT, RESISTIVE, MOUSE + "\n" + DIRECT])
def test_a_touch_screen_is_found(devices: str) -> None:
    assert has_touch(devices, word=64)


def test_an_old_touch_screen_is_found_on_a_kernel_of_32_bits() -> None:
    assert has_touch(RESISTIVE_32, word=32)


@pytest.mark.parametrize("devices", ["", MOUSE, TOUCH_PAD, DRAWING_PAD])
def test_pads_and_mice_are_no_touch_screens(devices: str) -> None:
    assert not has_touch(devices, word=64)


BITMAP = st.builds("B: {}={}".format, st.sampled_from(["PROP", "EV", "KEY"]), st.text(max_size=20))


@given(st.lists(st.one_of(BITMAP, st.text(max_size=30)), max_size=10).map("\n".join))
def test_any_text_has_touch_or_not(devices: str) -> None:
    assert has_touch(devices) in (True, False)
