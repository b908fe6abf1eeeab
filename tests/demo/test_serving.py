"""`carpel demo --serve` for a script: one document, with the address."""

import json
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit


def test_one_document_says_what_was_made_and_where_it_is_served(tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("carpel"))
    command = [program, "demo", "--to", str(tmp_path / "demo"), "--customers", "40", "--serve", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as demo:
        try:
            told, document = "", None
            while document is None and demo.stdout:
                line = demo.stdout.readline()
                assert line, told
                told += line
                if line == "}\n":
                    document = json.loads(told)
            assert document
            assert (
                sum(each["customers"] for each in document["segments"] if not _has_parts(each, document))
                == document["base"]
            )
            asking = HTTPConnection("127.0.0.1", urlsplit(document["address"]).port)
            asking.request("GET", "/api/v1/segments")
            assert json.load(asking.getresponse())["run"] == document["run"]
        finally:
            demo.terminate()
            demo.wait(timeout=30)
        assert demo.stdout
        assert demo.stdout.read() == ""


def _has_parts(segment: dict[str, object], document: dict[str, list[dict[str, object]]]) -> bool:
    return any(each["parent"] == segment["key"] for each in document["segments"])
