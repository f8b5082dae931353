"""The command line answers nonsense with a sentence."""

import pytest

from tiendo.config.cli import parser


class TestNumbers:
    @pytest.mark.parametrize("words", ["99999", "-1", "0", "x", "٣", "1e3"])
    def test_a_port_that_is_none_is_refused_in_words(self, capsys, words):
        with pytest.raises(SystemExit):
            parser().parse_args(["serve", f"--port={words}"])

        assert "a number from 1 to 65535" in capsys.readouterr().err

    def test_a_port_is_taken_as_it_is(self):
        assert parser().parse_args(["serve", "--port", "8300"]).port == 8300
