"""layout.py: which files count as pictures of what, what is passed over, and what is said of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.labels import CHARACTERS, MARKS
from training.data.datasets import label_of
from training.data.errors import DataError
from training.data.folders import layout
from training.data.folders.layout import FOLDERS, is_hidden, sort_out, text_of


def test_each_digit_and_each_mark_has_one_folder():
    assert list(FOLDERS.values()) == [*"0123456789", *CHARACTERS[MARKS.start :]]
    assert [label_of(text) for text in FOLDERS.values()] == [*range(10), *MARKS]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("7/a.png", "7"),
        ("set/7/a.png", "7"),
        ("dot/a.png", "."),
        ("Times/a.png", "×"),
        ("7/first/a.png", None),
        ("a.png", None),
        ("07/a.png", None),
        ("٣/a.png", None),
        ("./a.png", None),
    ],
)
def test_the_folder_that_a_picture_lies_in_says_what_it_reads(name, text):
    assert text_of(name) == text


@pytest.mark.parametrize(
    "ending", ["png", "PNG", "jpg", "JPG", "jpeg", "jpe", "jfif", "JFIF", "bmp", "gif", "webp", "tif"]
)
def test_pictures_of_every_ending_that_is_read_are_chosen(ending):
    assert sort_out([f"3/a.{ending}"]).chosen == [f"3/a.{ending}"]


@pytest.mark.parametrize(
    "name",
    [
        "3/._1.png", "__MACOSX/set/3/._1.png", "__MACOSX/3/1.png", ".DS_Store", "3/.hidden.png", ".git/3/1.png",
        "3/Thumbs.db", "3/thumbs.DB", "3/desktop.ini", "$RECYCLE.BIN/3/1.png", "set/.ipynb_checkpoints/1.png",
    ],
)  # fmt: skip
def test_hidden_files_are_passed_over_without_a_word(name):
    assert is_hidden(name)
    found = sort_out(["3/1.png", name])
    assert (found.chosen, found.notes()) == (["3/1.png"], [])


@pytest.mark.parametrize("name", ["./3/1.png", "3/1..png", "a.b/3/x.png", "3/_1.png"])
def test_other_names_with_dots_are_not_hidden(name):
    assert sort_out([name]).chosen == [name]


def test_what_is_left_out_is_counted_by_ending_and_by_folder():
    names = ["3/a.png", *(f"3/{n}.HEIC" for n in range(20)), "4/x.avif", "4/notes.txt", "dot/scan"]
    (note,) = sort_out(names).notes()
    assert note.startswith("left out 23 files (20 .heic, 1 .avif, 1 .txt, 1 without an ending)")
    (note,) = sort_out(["3/a.png", "b.png", "cats/c.jpg", "cats/d.heic", "cats/readme.txt"]).notes()
    assert note == (
        "left out 1 picture directly in it and 2 pictures in a folder named cats: what they read is not known"
    )


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([], "no pictures at all"),
        (["readme.txt"], "no pictures at all"),
        (["3/._1.png"], "no pictures at all"),
        (["1.png", "2.png"], "2 pictures directly in it"),
        (["train/zero/1.png"], "1 picture in a folder named train/zero"),
        ([f"{d}_first/1.png" for d in range(10)], "10 pictures in folders named 0_first, 1_first, 2_first, 3_first, 4_first, "
         "5_first and 4 more"),
        ([f"{d}/first/1.png" for d in range(2)], "2 pictures in folders named 0/first, 1/first"),
        (["A/1.png", "B/1.png", "C/1.heic"], "3 pictures in folders named A, B, C"),
        (["3/1.heic", "4/2.HEIC"], "2 files (2 .heic) in such folders, which can't be read: save them as PNG or JPEG"),
    ],
)  # fmt: skip
def test_where_nothing_fits_a_sentence_says_what_was_found_and_what_is_wanted(names, found):
    with pytest.raises(DataError) as error:
        sort_out(names).check("somewhere")
    said = str(error.value)
    assert said.startswith(f"somewhere holds no pictures in folders named 0 to 9. Found: {found}. Wanted: 0/NAME.png")


@given(
    st.lists(st.text(st.sampled_from("./_0a3x\\é"), max_size=12) | st.sampled_from(["3/a.png", "x/b.heic", "dot/c"]))
)
def test_every_file_is_chosen_or_counted_or_hidden_or_no_picture(names):
    found = sort_out(names)
    assert all(text_of(name) and not is_hidden(name) for name in found.chosen)
    assert found.chosen == [name for name in names if name in set(found.chosen)], "in the order in which they came"
    rest = [name for name in names if name not in set(found.chosen) and not is_hidden(name)]
    assert sum(found.unread.values()) == sum(text_of(name) is not None for name in rest)
    assert sum(found.elsewhere.values()) <= sum(text_of(name) is None for name in rest)
    assert all(len(note) < 900 for note in found.notes())


def test_long_names_are_shortened_and_the_sentence_stays_bounded():
    names = [f"{'x' * 200}{n}/1.png" for n in range(500)]
    with pytest.raises(DataError) as error:
        sort_out(names).check("somewhere")
    assert "and 494 more" in str(error.value)
    assert len(str(error.value)) < 600
    assert len(layout.short("y" * 300)) <= layout.LONGEST + 3
