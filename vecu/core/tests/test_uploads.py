"""Proofs are recognised by their content and written anew."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from vecu.core import uploads
from vecu.core.errors import Refused
from vecu.core.tests.photos import photo


def diploma(pages: int = 1, *, with_photo: bool = False, **saved: object) -> io.BytesIO:
    """A PDF as an office writes it: an author, a script, an attached file, a photo with its place."""
    pdf = pikepdf.new()
    for _number in range(pages):
        pdf.add_blank_page()
    pdf.docinfo["/Author"] = "Secrétariat de Nadia"
    with pdf.open_metadata() as told:
        told["dc:creator"] = ["Secrétariat de Nadia"]
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('bonjour')")
    pdf.attachments["liste.txt"] = b"contenu cach\xc3\xa9"
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"),
    )
    pdf.pages[0].Annots = pikepdf.Array([link])
    if with_photo:
        exif = Image.Exif()
        exif[0x010F] = "Phone of Nadia"
        raw = photo(exif=exif, comment=b"chez moi").getvalue()
        image = pikepdf.Stream(pdf, raw, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=60, Height=40)
        image.Filter, image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DCTDecode, pikepdf.Name.DeviceRGB, 8
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image)))
    out = io.BytesIO()
    pdf.save(out, **saved)
    out.seek(0)
    return out


def test_a_pdf_is_written_anew() -> None:
    data = uploads.rewrite(diploma())
    for trace in (b"Nadia", b"alert", b"JavaScript", b"liste.txt", b"cmd.exe", b"Launch", b"EmbeddedFile"):
        assert trace not in data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1 and not pdf.attachments and "/Info" not in pdf.trailer


def test_a_photo_inside_a_pdf_loses_where_it_was_taken() -> None:
    data = uploads.rewrite(diploma(with_photo=True))
    assert b"Phone of Nadia" not in data and b"chez moi" not in data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        image = pikepdf.PdfImage(pdf.pages[0].Resources.XObject.Im0).as_pil_image()
        assert image.size == (60, 40)


def test_an_image_is_written_anew() -> None:
    assert uploads.end_of(uploads.rewrite(photo())) == "jpg"
    assert uploads.end_of(uploads.rewrite(photo(kind="PNG", mode="RGBA"))) == "png"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "image_unreadable"),
        (b"MZ\x90\x00 a program called diploma.pdf", "image_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "image_unreadable"),
        (b"%PDF-1.7\nnothing of the kind", "pdf_unreadable"),
        (b"%PDF-1.7\n" + b"x" * (10 * 1024 * 1024), "file_too_heavy"),
    ],
)
def test_what_is_no_proof_is_refused(sent: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        uploads.rewrite(io.BytesIO(sent))
    assert refusal.value.code == code


def test_a_locked_or_endless_pdf_is_refused() -> None:
    locked = diploma(encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(Refused, match="pdf_locked"):
        uploads.rewrite(locked)
    with pytest.raises(Refused, match="pdf_too_long"):
        uploads.rewrite(diploma(41))


def test_half_a_pdf_never_breaks() -> None:
    whole = diploma(with_photo=True).getvalue()
    for cut in range(0, len(whole), 97):
        try:
            uploads.rewrite(io.BytesIO(whole[:cut]))
        except Refused:
            continue


def test_it_is_served_to_be_kept() -> None:
    response = uploads.attached(uploads.rewrite(diploma()), "Diplôme")
    assert response["Content-Disposition"] == 'attachment; filename="diplome.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff" and "sandbox" in response["Content-Security-Policy"]
