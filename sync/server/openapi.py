"""The wire in OpenAPI 3.1, for whoever writes another end of it."""

from __future__ import annotations

from typing import Any

from sync import (
    __version__,
    digests,
    files,
    frames,
    protocol,
    provisions,
    readmission,
    returns,
    snapshots,
)
from sync.columns import told as columns_told
from sync.files import MOST_FILE
from sync.protocol import CONTENT_TYPE
from sync.server.pages import FILE_TYPE, FORM_TYPE, STATUSES
from sync.server.refusals import REFUSALS

_FRAME = f"""
One zstd frame (window at most {frames.WINDOW_BYTES} bytes) around one msgpack value. Packed it
takes at most {frames.MOST_PACKED} bytes, unpacked at most {frames.MOST_UNPACKED} bytes and, beyond
{frames.FREE_UNPACKED} bytes, at most {frames.MOST_RATIO} times its packed length. It holds at most
{frames.MOST_PARTS} parts in all. Texts are UTF-8 without zeros, ids are 16 bytes. Names,
ids and digests in hexadecimal digits may be given as the bytes that these stand for.

What an office says is `[payload, signature]`: `payload` is msgpack in a byte string, `signature`
the device's Ed25519 signature (64 bytes) of a purpose, a zero byte and the payload.
""".strip()

_CHANGES = f"""
Changes come as one consignment, column by column: `[how many, ids, scopes, shapes, shape of each,
records, bases, authors, instants, digests at the bases, *values]`, `[]` for none, and at most
{frames.MOST_CHANGES}. A shape is `[kind, action, *names of fields]`; `action` is create, edit,
delete or restore; there is a column of values for every field of every kind, in the order in which
the shapes name them first, in it the values of the first shape's changes, then of the second's. A
value is text, a whole number, yes/no or nil. `base` is the place in the scope's ledger that the
author had seen, the digest there is given by its first four bytes.

A column that holds one value throughout is that value, any other a list:

{columns_told()}
""".strip()

_SYNC_ASKED = f"""
{_FRAME}

Purpose `{protocol.SYNC_PURPOSE}`. Payload: `[{protocol.VERSION}, device, incarnation, exchange,
centre, cursors, changes, label, page bytes, epoch, schema]`. `exchange` is greater than every one
before of this incarnation; `cursors` maps scopes to the last seq applied; the changes are in the
order they were written; `page bytes` are wanted back, and in another epoch no change is taken;
`schema` is the number of the newest migration that the office knows. Older versions of the payload
are heard as well. {_CHANGES}
""".strip()

_SYNC_SAID = f"""
{_FRAME.partition(chr(10) + chr(10))[0]}

The value is `[{protocol.VERSION}, setbacks, pages, receipt, signature, labels]`. A setback is
`[change id, nil, waiting_for, code, field, sentence]`: with `waiting_for` the change waits for that
record, else it was refused. A page is `[scope, runs, number of runs, ids, changes]`: its seqs
follow the cursor without gaps; `runs` is the column of how many are changes, then how many go by
their id alone because this incarnation wrote them, and so on by turns; `ids` is their column,
`changes` the consignment of the others. The receipt is `[centre, epoch, device, incarnation,
exchange, time, accepted, waiting, rejected, positions]`, `time` in seconds since 1970; positions
map each scope to `[seq, digest, how far the head lies beyond]`. The signature is the centre's
Ed25519 signature of `vla receipt 1`, a zero byte and the receipt as JSON, a map with sorted keys
and no spaces. The digest of a seq is SHA-256 of the digest before it and the change as such JSON,
the first is SHA-256 of `vla ledger`, a zero byte and the scope. `labels` maps devices to names.
""".strip()

_ENROL_ASKED = f"""
{_FRAME}

Purpose `{protocol.ENROL_PURPOSE}`. Payload: `[{protocol.VERSION}, code, public key, label]`.
""".strip()

_ENROL_SAID = (
    f"The value is `[{protocol.VERSION}, centre, centre key, epoch, branch, branch name]`."
)

_DIGEST_ASKED = f"""
{_FRAME}

Purpose `{digests.DIGEST_PURPOSE}`. Payload: `[{protocol.VERSION}, device, centre, places, mark]`;
`places` maps scopes to seqs, `mark` is a text of at most 40 letters that tells this question from
every other. Without one the answer is not signed.
""".strip()

_DIGEST_SAID = f"""
The value is `[{protocol.VERSION}, digests, signature]`; `digests` maps scopes to digests, empty
text where the ledger does not reach; the signature is the centre's for the purpose
`{digests.DIGESTS_PURPOSE}`, of SHA-256 of the payload that asked and then the map as JSON with
sorted keys and no spaces.
""".strip()

_READMISSION_ASKED = f"""
{_FRAME}

Purpose `{readmission.READMISSION_PURPOSE}`. Payload: `[{protocol.VERSION}, public key, centre,
branch, branch name, label, [receipt, signature]]`; the receipt is of an earlier epoch, for this PC.
""".strip()

_READMISSION_SAID = f"The value is `[{protocol.VERSION}, branch]`."

_RETURN_ASKED = f"""
{_FRAME}

Purpose `{returns.RETURN_PURPOSE}`. Payload: `[{protocol.VERSION}, device, centre, scope, after,
start, changes, end]`: all changes of the scope after the seq `after`, up to the place in `end`.
`start` and `end` are receipts as `[receipt, signature]`; `start` may be empty where the centre
itself still has the digest at `after`. {_CHANGES}
""".strip()

_RETURN_SAID = (
    f"The value is `[{protocol.VERSION}, taken]`: how many of the changes the centre did not have."
)

_SNAPSHOT_ASKED = f"""
{_FRAME}

Purpose `{snapshots.SNAPSHOT_PURPOSE}`. Payload: `[{protocol.VERSION}, device, centre, scope,
pages]`. `pages` are up to {snapshots.MOST_ASKED_PAGES} digests of pages, none to ask for the newest
manifest.
""".strip()

_SNAPSHOT_SAID = f"""
The manifest: `[{protocol.VERSION}, manifest, signature]`; the manifest is JSON with sorted keys
and no spaces: centre, epoch, scope, seq, the ledger's digest there, and pages as `[kind, rows,
first record, SHA-256, bytes]`; the signature is the centre's, of `vla snapshot 1`, a zero byte and
this JSON. The pages: `[{protocol.VERSION}, contents]`, as many as fit. A content is a frame
`[{protocol.VERSION}, kind, rows, ids, columns]` with columns `[field, column]`, nil for what was
never written; that of the kind without a name is `[{protocol.VERSION}, changes]`. Changes are
`[count, column of seqs, their digests one after another, consignment]`, an empty list for none.
""".strip()

_HISTORY_ASKED = f"""
{_FRAME}

Purpose `{snapshots.HISTORY_PURPOSE}`. Payload: `[{protocol.VERSION}, device, centre, scope, after,
upto, records, changes]`; records and changes are `[count, column of ids]`, at most
{snapshots.MOST_ASKED_IDS}; records are nil to ask for every change after `after` up to `upto`.
""".strip()

_HISTORY_SAID = f"""
`[payload, signature]`, signed by the centre for the purpose `vla history 1`. Payload:
`[{protocol.VERSION}, centre, epoch, SHA-256 of the payload asked, reached, changes, known,
labels]`: all changes asked for up to `reached`; of the changes named, those that stand,
as `[id, seq, digest, first 16 bytes of SHA-256 of the change as JSON]`.
""".strip()

_NUMBERS_ASKED = f"""
{_FRAME}

Purpose `{provisions.PROVISIONS_PURPOSE}`. Payload: `[{provisions.VERSION}, device, centre,
incarnation, ask, highest, known]`. `ask` counts the blocks of this incarnation from 1 on, 0 wants
none; `highest` is the greatest number ever given to this office; `known` is SHA-256 of the names of
branches that it has, as JSON, a map with sorted keys and no spaces.
""".strip()

_NUMBERS_SAID = f"""
The value is `[{provisions.VERSION}, block, branches, signature]`. The block is `[first, count,
prefix, digits]` or nil; `branches` are pairs of code and name, nil when they are known. The
signature is the centre's for the purpose `{provisions.PROVIDED_PURPOSE}`, of SHA-256 of the payload
that asked and then `{{"given":[block,branches]}}` as such JSON.
""".strip()

_FILE = f"""
A file is `{files.MAGIC.decode()}`, then as bytes: version {files.VERSION}, sort (1 batch, 2
acknowledgement), an ephemeral X25519 key (32), the length of the body (4, big-endian), of the
centre's name and of the device's (1 each), these names, the body. The body is sealed by
ChaCha20-Poly1305 with all before it as associated data; key and nonce are the 44 bytes of
HKDF-SHA256 of the shared secret, with the ephemeral key and the addressee's as salt and `vla file
1` as info. A batch is the frame `[payload, signature]`: purpose `{files.FILE_PURPOSE}`, payload
`[reply key, body of /v1/sync]`. An acknowledgement is the frame `[answer of /v1/sync, signature]`,
signed by the centre for the purpose `vla acknowledgement 1`. The centre's key for files comes at
the end of the answers of /v1/enrol and, to requests with changes, of /v1/sync, with the centre's
signature for the purpose `vla sealing 1`.
""".strip()

_OF_ALL = (
    "message", "content_type", "content_encoding", "too_large", "version", "too_often", "fault",
    "busy",
)  # fmt: skip
_OF_DEVICES = ("signature", "unknown_device", "revoked", "centre", "scope")


def description(most_bytes: int, most_small_bytes: int) -> dict[str, Any]:
    """The OpenAPI document; the limits are of long bodies and of short ones."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "VLA Desktop: the centre's wire",
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": _FRAME,
        },
        "paths": {
            "/v1/sync": _exchange(
                "One exchange: changes go up, the ledger comes down, a receipt seals it.",
                (_SYNC_ASKED, _SYNC_SAID), most_bytes, (*_OF_DEVICES, "stale_exchange", "epoch"),
            ),
            "/v1/enrol": _exchange(
                "A new PC shows its one-time code and its key.",
                (_ENROL_ASKED, _ENROL_SAID), most_small_bytes,
                ("signature", "code", "revoked", "enrolled"),
            ),
            "/v1/digest": _exchange(
                "The centre's digests at given places, to hold a receipt against.",
                (_DIGEST_ASKED, _DIGEST_SAID), most_small_bytes, _OF_DEVICES,
            ),
            **_after_a_restore(most_bytes, most_small_bytes),
            **_snapshots(most_small_bytes),
            "/v1/numbers": _exchange(
                "Card numbers to give out without the network, and the names of branches.",
                (_NUMBERS_ASKED, _NUMBERS_SAID), most_small_bytes, _OF_DEVICES,
            ),
            "/batch": {"get": _plain("A form for files of branches.", "text/html"),
                       "post": _form()},
            "/health": {"get": _plain("Whether the centre is well.", "application/json")},
            "/openapi.json": {"get": _plain("This description.", "application/json")},
            "/": {"get": _plain("A page saying what this is.", "text/html")},
        },
        "components": {"schemas": {"Refusal": _refusal_schema()}},
    }  # fmt: skip


def _after_a_restore(most_bytes: int, most_small_bytes: int) -> dict[str, Any]:
    return {
        "/v1/return": _exchange(
            "A piece of a ledger, with proof, for a centre restored from a backup.",
            (_RETURN_ASKED, _RETURN_SAID),
            most_bytes,
            (*_OF_DEVICES, "proof"),
        ),
        "/v1/readmission": _exchange(
            "A PC that a restored centre does not know any more shows an old receipt.",
            (_READMISSION_ASKED, _READMISSION_SAID),
            most_small_bytes,
            ("signature", "revoked", "centre", "enrolled", "proof"),
        ),
    }


def _snapshots(most_bytes: int) -> dict[str, Any]:
    return {
        "/v1/snapshot": _exchange(
            "A scope's records at one place of its ledger, page by page.",
            (_SNAPSHOT_ASKED, _SNAPSHOT_SAID),
            most_bytes,
            (*_OF_DEVICES, "gone"),
        ),
        "/v1/history": _exchange(
            "A piece of the ledger: what happened before a snapshot, or to be mended.",
            (_HISTORY_ASKED, _HISTORY_SAID),
            most_bytes,
            _OF_DEVICES,
        ),
    }


def _exchange(
    summary: str, bodies: tuple[str, str], most_bytes: int, refusals: tuple[str, ...]
) -> dict[str, Any]:
    asked, said = bodies
    by_status: dict[int, list[str]] = {}
    for code in (*_OF_ALL, *refusals):
        by_status.setdefault(REFUSALS[code][0], []).append(f"`{code}`: {REFUSALS[code][1]}")
    said_no = {
        str(status): {
            "description": "\n\n".join(sentences),
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
        }
        for status, sentences in sorted(by_status.items())
    }
    said_yes = {
        "description": said,
        "content": {CONTENT_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
    frame = {"type": "string", "format": "binary", "maxLength": most_bytes}
    body = {"required": True, "description": asked, "content": {CONTENT_TYPE: {"schema": frame}}}
    responses = {"200": said_yes, **said_no}
    return {"post": {"summary": summary, "requestBody": body, "responses": responses}}


def _form() -> dict[str, Any]:
    summary = "A branch's file is taken in; the acknowledgement comes back as a file."
    part = {"type": "string", "format": "binary", "maxLength": MOST_FILE}
    schema = {"type": "object", "required": ["batch"], "properties": {"batch": part}}
    page: dict[str, Any] = {"text/html": {"schema": {"type": "string"}}}
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    statuses = sorted({400, *STATUSES.values()})
    said_no = {str(s): {"description": "Why not, on the form.", "content": page} for s in statuses}
    broken = {
        str(REFUSALS[code][0]): {"description": REFUSALS[code][1], "content": refusal}
        for code in ("too_often", "fault", "busy")
    }
    said_yes = {
        "description": _FILE,
        "content": {FILE_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
    return {
        "summary": summary,
        "requestBody": {
            "required": True, "description": _FILE, "content": {FORM_TYPE: {"schema": schema}}
        },
        "responses": {"200": said_yes, **said_no, **broken},
    }  # fmt: skip


def _plain(summary: str, content_type: str) -> dict[str, Any]:
    content: dict[str, Any] = {content_type: {"schema": {}}}
    return {"summary": summary, "responses": {"200": {"description": summary, "content": content}}}


def _refusal_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["code", "detail"],
        "properties": {
            "code": {"type": "string", "enum": sorted(REFUSALS)},
            "detail": {"type": "string", "description": "For programmers; never shown."},
        },
    }
