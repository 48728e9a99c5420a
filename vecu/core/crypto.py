"""Fields whose content is sealed with AES-256-GCM under a data key of the vault.

Stored form: format (1 byte) | data key version (2) | nonce (12) | ciphertext and tag. The seal is bound to
table, column, organisation and row: a ciphertext moved elsewhere, cut or changed raises `Tampered`, never
anything else. An empty value is stored empty. A destroyed key reads as `ERASED`.

    class Note(Row):
        vault_id = models.UUIDField()
        body = EncryptedTextField(key="vault_id")

Reading needs the key: `vault.preload(ids)` opens those of a whole list with one query. `values_list` gives
`Ciphertext` objects which `open_value` opens. `QuerySet.update` takes what `sealed(row, "body", text)` makes.
Searching is impossible on purpose: store a `blind_index` next to the field. Only `field=""` can be asked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import struct
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.html import escape
from django.utils.translation import gettext

from vecu.core import keys, vault
from vecu.core.vault import KeyDestroyed, KeyMissing, Tampered

__all__ = [
    "ERASED",
    "Ciphertext",
    "EncryptedBinaryField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "KeyDestroyed",
    "KeyMissing",
    "Tampered",
    "blind_index",
    "open_value",
    "sealed",
]

FORMAT = 1
_HEADER = struct.Struct(">BH12s")
_TAG_BYTES = 16
_INDEX_BYTES = 16


class Ciphertext:
    """Sealed bytes as they are stored. Never shows them."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ciphertext) and other.data == self.data

    def __hash__(self) -> int:
        return hash(self.data)

    def __bool__(self) -> bool:
        return bool(self.data)

    def __repr__(self) -> str:
        return "<sealed>"


class _Erased(str):
    """Reads as "erased" in the reader's language."""

    __slots__ = ()

    def __str__(self) -> str:
        return gettext("erased")

    def __html__(self) -> str:
        return escape(str(self))

    def __reduce__(self) -> str:
        return "ERASED"


ERASED = _Erased("erased")


def seal(place: bytes, key_id: UUID, plain: bytes) -> bytes:
    """Seal bytes for one place only. Empty stays empty."""
    return seal_with(vault.usable(key_id), place, plain) if plain else b""


def seal_with(key: vault.OpenKey, place: bytes, plain: bytes) -> bytes:
    """The same with an open key at hand."""
    nonce = os.urandom(vault.NONCE_BYTES)
    return _HEADER.pack(FORMAT, key.current, nonce) + key.versions[key.current].encrypt(nonce, plain, place)


def unseal(place: bytes, key_id: UUID, data: bytes) -> bytes | None:
    """The bytes sealed for this place, or None if their key was destroyed. Raises Tampered."""
    if not data:
        return b""
    if len(data) < _HEADER.size + _TAG_BYTES or data[0] != FORMAT:
        raise Tampered(place.decode())
    key = vault.opened(key_id)
    if key.is_destroyed:
        return None
    _format, version, nonce = _HEADER.unpack_from(data)
    try:
        return key.versions[version].decrypt(nonce, data[_HEADER.size :], place)
    except (InvalidTag, KeyError) as error:
        raise Tampered(place.decode()) from error


def key_version(data: bytes) -> int:
    """Which version of the data key sealed this."""
    return int(_HEADER.unpack_from(data)[1])


def place_of(field: models.Field[Any, Any], row_id: Any, organisation_id: Any) -> bytes:
    """The associated data: where the value lives. UUIDs read the same on both engines."""
    return f"{_name_of(field)}|{organisation_id or ''}|{row_id}".encode()


def _name_of(field: models.Field[Any, Any]) -> str:
    return f"{field.model._meta.db_table}|{field.column}"


class _Sealed(DeferredAttribute):
    """Opens on reading. Two threads reading the same row open it twice and agree; nothing is shared."""

    field: EncryptedField

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        if instance is None:
            return self
        held = super().__get__(instance, cls)
        if not isinstance(held, Ciphertext):
            return held
        plain = self.field.open(instance, held)
        if plain is not ERASED:
            instance.__dict__[self.field.attname] = plain
        return plain

    def __set__(self, instance: models.Model, value: Any) -> None:
        # Validation writes back what it read: "erased" must not replace what is stored.
        if value is ERASED and isinstance(instance.__dict__.get(self.field.attname), Ciphertext):
            return
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.Field):  # type: ignore[type-arg]
    """Base of the sealed fields. `key` is the path, from the row, to the identifier of its data key."""

    descriptor_class = _Sealed

    def __init__(self, *args: Any, key: str = "vault_id", **kwargs: Any) -> None:
        self.key = key
        # Not in forms or the admin unless asked for: the plain text goes where somebody sends it.
        kwargs.setdefault("editable", False)
        for refused in ("unique", "db_index", "primary_key", "choices"):
            if kwargs.get(refused):
                raise TypeError(f"a sealed field cannot have {refused}: use blind_index in a column of its own")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["key"] = self.key
        if self.editable:
            kwargs["editable"] = True
        else:
            kwargs.pop("editable", None)
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError(type(self).__name__)  # abstract: each kind of field below says it

    def from_bytes(self, plain: bytes) -> Any:
        raise NotImplementedError(type(self).__name__)  # abstract: each kind of field below says it

    # -- opening and sealing, one row at a time

    def open(self, instance: models.Model, held: Ciphertext) -> Any:
        if not held.data:
            return self.from_bytes(b"")
        return self.open_at(self._place(instance), self._key_id(instance), held)

    def open_at(self, place: bytes, key_id: UUID, held: Ciphertext) -> Any:
        plain = unseal(place, key_id, held.data)
        return ERASED if plain is None else self.from_bytes(plain)

    def seal(self, instance: models.Model, value: Any) -> Ciphertext:
        if isinstance(value, Ciphertext):
            self.open(instance, value)  # bound to this row, or Tampered
            return value
        if value is ERASED:
            return self._stored(instance)
        plain = self.to_bytes(value)
        return Ciphertext(seal(self._place(instance), self._key_id(instance), plain) if plain else b"")

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        held = model_instance.__dict__.get(self.attname)
        return None if held is None and self.null else self.seal(model_instance, held)

    def _stored(self, instance: models.Model) -> Ciphertext:
        found = type(instance)._base_manager.filter(pk=instance.pk).values_list(self.attname, flat=True).first()
        return found if isinstance(found, Ciphertext) else Ciphertext(b"")

    def _place(self, instance: models.Model) -> bytes:
        if instance.pk is None:
            raise TypeError(f"{self}: the row needs its identifier before anything is sealed for it")
        return place_of(self, instance.pk, getattr(instance, "organisation_id", None))

    def _key_id(self, instance: models.Model) -> UUID:
        found: Any = instance
        for name in self.key.split("."):
            found = getattr(found, name)
        if found is None:
            raise KeyMissing(f"{self}: {self.key} is empty")
        return found if isinstance(found, UUID) else UUID(str(found))

    # -- database

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(bytes(value))

    def get_prep_value(self, value: Any) -> Any:
        """What a lookup may compare with: nothing but emptiness."""
        if value is None or isinstance(value, Ciphertext):
            return value
        if value in ("", b""):
            return Ciphertext(b"")
        raise TypeError(f"{self} is sealed: it cannot be searched; use a blind_index column")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not prepared and value not in (None, "", b"") and not isinstance(value, Ciphertext):
            # Constraints checked before saving ask whether there is a text; any sealed bytes will do.
            value = Ciphertext(bytes([FORMAT]))
        value = self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value.data)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "as_sql"):
            return value
        if value not in (None, "", b"") and not isinstance(value, Ciphertext):
            raise TypeError(f"{self} is sealed: save the row, or update with crypto.sealed(row, field, value)")
        return super().get_db_prep_save(value, connection)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "isnull") else None

    def get_transform(self, lookup_name: str) -> Any:
        return None

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self} is sealed: it is not dumped; use the backup command")

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> Any:
        return connection.ops.binary_placeholder_sql(value)


class EncryptedTextField(EncryptedField):
    """Sealed text. `max_length` counts characters and is checked by validation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else str(value)

    def to_bytes(self, value: Any) -> bytes:
        return b"" if value is None else str(value).encode("utf-8", "surrogatepass")

    def from_bytes(self, plain: bytes) -> str:
        return plain.decode("utf-8", "surrogatepass")

    def formfield(self, **kwargs: Any) -> Any:
        defaults = {"form_class": forms.CharField, "widget": forms.Textarea, "max_length": self.max_length}
        return super().formfield(**{**defaults, **kwargs})


class EncryptedJSONField(EncryptedField):
    """Sealed JSON; nothing stored reads as None."""

    empty_strings_allowed = False

    def to_bytes(self, value: Any) -> bytes:
        return b"" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return json.loads(plain.decode("utf-8", "surrogatepass")) if plain else None


class EncryptedBinaryField(EncryptedField):
    """Sealed bytes: images and attachments."""

    empty_values = [None, b""]

    def get_default(self) -> Any:
        return super().get_default() if self.has_default() else b""

    def to_bytes(self, value: Any) -> bytes:
        return b"" if value is None else bytes(value)

    def from_bytes(self, plain: bytes) -> bytes:
        return plain


def sealed(row: models.Model, field_name: str, value: Any) -> Ciphertext:
    """A value sealed for this row, for `QuerySet.update` (a workflow's move, a conditional update)."""
    return _field(type(row), field_name).seal(row, value)


def sealed_fields(row: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values, those of encrypted fields sealed for this row."""
    fields = {field.name: field for field in row._meta.get_fields()}
    return {
        name: field.seal(row, value) if isinstance(field := fields.get(name), EncryptedField) else value
        for name, value in values.items()
    }


def open_value(
    model: type[models.Model], field_name: str, row_id: Any, organisation_id: Any, key_id: UUID, ciphertext: Ciphertext
) -> Any:
    """Open what `values_list` gave. `organisation_id` is None for a table without organisation."""
    field, column = _column(model, field_name)
    if not ciphertext.data:
        return field.from_bytes(b"")
    return field.open_at(f"{column}|{organisation_id or ''}|{row_id}".encode(), key_id, ciphertext)


@cache
def _column(model: type[models.Model], name: str) -> tuple[EncryptedField, str]:
    """The field and how its place begins: a list opens hundreds."""
    field = _field(model, name)
    return field, _name_of(field)


@cache
def _field(model: type[models.Model], name: str) -> EncryptedField:
    field = model._meta.get_field(name)
    if not isinstance(field, EncryptedField):
        raise TypeError(f"{field} is not sealed")
    return field


def blind_index(text: str, purpose: str) -> str:
    """A searchable mark of a text that cannot be turned back: same text and purpose, same mark."""
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
    message = purpose.encode() + b"\0" + normal.encode("utf-8", "surrogatepass")
    mark = hmac.new(keys.load(settings.KEY_FILE).index, message, hashlib.sha256).digest()[:_INDEX_BYTES]
    return base64.b32encode(mark).decode().rstrip("=").lower()
