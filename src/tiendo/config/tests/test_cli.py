"""The command line explains itself, and answers nonsense with a sentence."""

import sys

import pytest

from tiendo.config import cli

WORDS = [word for shelf in cli.SHELVES for word in shelf.words]


def said(capsys, *words):
    """What `tiendo WORDS` prints, and how it ends."""
    with pytest.raises(SystemExit) as end:
        cli.parser().parse_args([*words])
    return capsys.readouterr(), end.value.code


class TestHelp:
    def test_the_first_page_names_every_word_with_its_gist(self, capsys):
        out = said(capsys, "--help")[0].out
        for word in WORDS:
            assert f"  {word.name:15} {word.gist}" in out

    @pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
    def test_every_word_says_what_it_does_and_shows_how(self, capsys, word):
        out = said(capsys, *word.name.split(), "--help")[0].out
        assert word.gist in out
        assert f"tiendo {word.name}" in word.example
        assert word.example.splitlines()[0] in out

    @pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
    def test_every_argument_is_explained(self, word):
        assert [flags for flags, options in word.arguments if not options.get("help")] == []

    def test_the_example_of_every_word_can_be_said(self):
        import shlex

        for word in WORDS:
            for line in word.example.splitlines():
                said = shlex.split(line.split("#")[0])
                assert cli.parser().parse_args(said[1:]).run is word.run


class TestNonsense:
    @pytest.mark.parametrize("words", ["99999", "-1", "0", "x", "٣", "1e3"])
    def test_a_port_that_is_none_is_refused_in_words(self, capsys, words):
        assert "a number from 1 to 65535" in said(capsys, "serve", f"--port={words}")[0].err

    def test_a_port_is_taken_as_it_is(self):
        assert cli.parser().parse_args(["serve", "--port", "8300"]).port == 8300

    @pytest.mark.parametrize(
        ("word", "answer"),
        [
            ("unts", "Did you mean units?"),
            ("migrat", "migrate"),
            ("makemigration", "makemigrations"),
            ("zzzz", "There is no word “zzzz”. `tiendo --help` lists them all."),
        ],
    )
    def test_a_misspelt_word_is_told_the_nearest(self, monkeypatch, word, answer):
        monkeypatch.setattr(sys, "argv", ["tiendo", word])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert answer in str(end.value.code)

    def test_the_framework_s_own_words_work(self, monkeypatch, capsys):
        monkeypatch.setattr(sys, "argv", ["tiendo", "diffsettings", "--output", "unified"])
        cli.main()
        assert "ROOT_URLCONF" in capsys.readouterr().out
