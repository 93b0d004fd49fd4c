"""How a slot is asked: the same request in curl, Python and JavaScript."""

import json
import shlex
from collections.abc import Mapping

TEXT = "The new Sony CE-7RM3 has a remarkable eye autofocus."

_CURL = """\
curl {address}/v1/models/{slot}/predict \\
  -H 'Content-Type: application/json' \\
  -H "Authorization: Bearer $TAGLOOM_KEY" \\
  -d {body}
"""
_PYTHON = """\
import os
from tagloom import Client

client = Client({address}, key=os.environ.get("TAGLOOM_KEY"))
for entity in client.predict({text}, slot={slot}):
    print(entity["label"], entity["text"], entity["score"])
"""
_JAVASCRIPT = """\
const response = await fetch({url}, {{
  method: "POST",
  headers: {{ "Content-Type": "application/json", Authorization: `Bearer ${{process.env.TAGLOOM_KEY}}` }},
  body: JSON.stringify({{
    documents: [{{ text: {text} }}],
    offsets: "utf16",
  }}),
}});
if (!response.ok) throw new Error((await response.json()).detail);
for (const entity of (await response.json()).documents[0].entities) {{
  console.log(entity.label, entity.text, entity.score);
}}
"""


def snippets(address: str, slot: str, text: str = TEXT) -> Mapping[str, str]:
    """The request by language.

    Args:
        address: of the server, such as `http://127.0.0.1:8000`.
        slot: that is asked.
        text: to find entities in.
    """
    body = shlex.quote(json.dumps({"documents": [{"text": text}]}, ensure_ascii=False))
    quoted = json.dumps(text, ensure_ascii=False)
    return {
        "curl": _CURL.format(address=address, slot=slot, body=body),
        "Python": _PYTHON.format(address=json.dumps(address), slot=json.dumps(slot), text=quoted),
        "JavaScript": _JAVASCRIPT.format(url=json.dumps(f"{address}/v1/models/{slot}/predict"), text=quoted),
    }
