"""The practice chat by hand: with a mouse, with the keyboard alone, through time, and while the content changes."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.slow

FIRST = "they said no. final round at Acme, data analyst"


def last(page: Page) -> Locator:
    return page.locator("#bubbles > div.theirs").last


def write(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").click()
    settled(page)


def settled(page: Page) -> None:
    expect(page.locator("#bubbles > div")).not_to_have_count(0)
    expect(page.locator("#typing")).to_be_hidden()


def tap(page: Page, label: str) -> None:
    page.locator("#bubbles").get_by_role("button", name=label, exact=True).last.click()
    settled(page)


def test_a_conversation_by_mouse(page: Page) -> None:
    write(page, FIRST)
    expect(page.locator("#bubbles")).to_contain_text("The final round for the data analyst role at Acme")
    tap(page, "Say it")
    expect(page.locator("#at")).to_contain_text("vent/")
    write(page, "five interviews!!")
    tap(page, "Done")
    expect(page.locator("#bubbles .chosen").last).to_contain_text("✓")
    expect(last(page).get_by_role("button").first).to_be_visible()
    expect(page.locator("#variables")).to_contain_text("Acme")


def test_the_same_by_keyboard_alone(page: Page) -> None:
    page.keyboard.type(FIRST)
    page.keyboard.press("Enter")
    say_it = page.get_by_role("button", name="Say it", exact=True)
    expect(say_it).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if say_it.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#bubbles .chosen").last).to_have_text("✓ Say it")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.type("five of them")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("five!")
    page.keyboard.press("Enter")
    expect(page.locator("#bubbles > div.mine").last).to_contain_text("five of them\nfive!")
    page.keyboard.type("done")
    page.keyboard.press("Enter")
    expect(last(page).get_by_role("button").first).to_be_visible()


def test_a_message_is_edited_and_read_again(page: Page) -> None:
    write(page, "they said no")
    page.get_by_label("Your message").focus()
    page.keyboard.press("ArrowUp")
    page.get_by_label("Your message").fill("I was rejected by Globex")
    page.keyboard.press("Enter")
    expect(page.locator("#bubbles > div.mine")).to_contain_text("I was rejected by Globex")
    expect(page.locator("#bubbles > div.mine")).to_contain_text("edited")
    expect(page.locator("#read")).to_contain_text("Globex")


def promise_a_reminder(page: Page) -> None:
    write(page, "remind me tomorrow at 9am to call Anna")
    write(page, "London")
    tap(page, "Yes")
    expect(page.locator("#promised")).to_contain_text("reminder")


def test_a_jump_to_the_next_check_in_brings_it(page: Page) -> None:
    promise_a_reminder(page)
    page.get_by_role("button", name="To the next check-in").click()
    expect(last(page)).to_contain_text("call Anna")
    expect(page.locator("#promised")).to_contain_text("no check-in")


def test_a_jump_to_any_moment(page: Page) -> None:
    promise_a_reminder(page)
    moment = page.evaluate("new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 16)")
    page.get_by_label("To", exact=True).fill(moment)
    page.get_by_role("button", name="Go").click()
    expect(page.locator("#now")).to_have_attribute("datetime", re.compile(f"^{moment[:10]}T"))
    expect(page.locator("#bubbles")).to_contain_text("call Anna")


def test_another_language_is_spoken_from_the_next_message_on(page: Page) -> None:
    write(page, FIRST)
    page.get_by_label("Language").select_option("es")
    write(page, "/help")
    expect(last(page)).to_contain_text(re.compile("[áéíóúñ¿¡]"))


def test_a_picture_is_shown_and_told(page: Page) -> None:
    write(page, FIRST)
    write(page, "/progress")
    picture = page.locator("#bubbles img").last
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("shown => shown.naturalWidth") > 0
    assert len(picture.get_attribute("alt") or "") > 3


def test_a_fault_in_the_content_shows_at_its_place_and_the_chat_goes_on(page: Page, content: Path) -> None:
    write(page, FIRST)
    flow = content / "flows" / "about.yaml"
    sound = flow.read_text(encoding="utf-8")
    flow.write_text(sound.replace("flow: about", "flow: about\nnonsense: yes", 1), encoding="utf-8")
    expect(page.locator("#findings")).to_contain_text("flows/about.yaml:2")
    expect(page.locator("#findings")).to_contain_text("ON003")
    tap(page, "Leave it")
    expect(last(page)).not_to_contain_text("went wrong")
    flow.write_text(sound, encoding="utf-8")
    expect(page.locator("#findings")).not_to_contain_text("ON003")


def test_a_changed_line_is_said_without_a_restart(page: Page, content: Path) -> None:
    write(page, FIRST)
    flow = content / "flows" / "about.yaml"
    sound = flow.read_text(encoding="utf-8")
    assert "program" in sound
    flow.write_text(sound.replace("program", "small lighthouse"), encoding="utf-8")
    for _ in range(30):
        write(page, "/about")
        if "lighthouse" in page.locator("#bubbles").inner_text():
            break
        page.wait_for_timeout(500)
    expect(page.locator("#bubbles")).to_contain_text("lighthouse")


def test_a_calendar_file_can_be_downloaded(page: Page) -> None:
    promise_a_reminder(page)
    write(page, "/checkins")
    tap(page, "For my calendar")
    with page.expect_download() as download:
        page.locator("#bubbles a[download]").last.click()
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("BEGIN:VCALENDAR")


def test_the_place_links_to_its_line_in_the_file(page: Page) -> None:
    write(page, FIRST)
    with page.context.expect_page() as opened:
        page.locator("#at a").first.click()
    source = opened.value
    source.wait_for_load_state()
    marked = source.locator("li:target")
    expect(marked).to_contain_text("met:")


def test_someone_new_is_greeted_as_such(page: Page) -> None:
    write(page, FIRST)
    page.get_by_role("button", name="Start as someone new").click()
    expect(page.locator("#bubbles > div")).to_have_count(0)
    expect(page.locator("#variables")).to_contain_text("nothing")
    write(page, "hi")
    expect(page.locator("#bubbles")).to_contain_text("Onward")
    expect(page.locator("#bubbles")).not_to_contain_text("Acme")


def test_there_are_no_barriers_to_accessibility(page: Page) -> None:
    write(page, FIRST)
    tap(page, "Leave it")
    for width, scheme in product((1200, 390), ("light", "dark")):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page)
        assert found.violations_count == 0, f"{width} {scheme}: {found.generate_report()}"
