"""One person is one name, in whatever form a source gives it; who is nobody is no name. All people are invented."""

from __future__ import annotations

import pytest

from kg.read.people import names_of

ADA, BO, WEI = "Ada Quill", "Bo Stern", "Wei Li"


@pytest.mark.parametrize(
    "value",
    [
        "Ada Quill, Bo Stern",
        "Ada Quill and Bo Stern",
        "Ada Quill & Bo Stern",
        "Ada Quill, & Bo Stern",
        "Ada Quill; Bo Stern",
        "Ada Quill;;Bo Stern;",
        "Ada Quill|Bo Stern",
        "Ada Quill||Bo Stern",
        "Ada Quill\nBo Stern",
        "Quill, Ada; Stern, Bo",
        "Quill, Ada and Stern, Bo",
        "Quill, Ada, Stern, Bo",
        "Quill, Ada|Stern, Bo",
        "Quill, Ada; Stern, Bo; et al.",
        "Quill,Ada;Stern,Bo",
        "Ada Quill, Bo Stern, et al.",
        "Ada Quill, Bo Stern et al",
        "Ada Quill, Bo Stern, and 12 others",
        "Ada Quill (1), Bo Stern (1, 2) ((1) River Lab, (2) Tree Univ)",
        "Ada Quill (Univ. of X, Y), Bo Stern (MIT)",
        "Ada Quill [1], Bo Stern [2,3]",
        "Ada Quill*, Bo Stern†",
        "Ada Quill1, Bo Stern2,3",
        "['Ada Quill', 'Bo Stern']",
        '["Ada Quill", "Bo Stern"]',
        "['Quill, Ada', 'Stern, Bo']",
        "[{'name': 'Ada Quill'}, {'name': 'Bo Stern'}]",
        '[{"given": "Ada", "family": "Quill"}, {"given": "Bo", "family": "Stern"}]',
        "('Ada Quill', 'Bo Stern')",
        ["Ada Quill", "Bo Stern"],
        ["Quill, Ada", "Stern, Bo"],
        ["Ada Quill and Bo Stern"],
        ["Ada Quill, Bo Stern"],
        ["Ada  Quill ", "\nBo Stern", "", None, 7],
        ["Ada Quill", "Bo Stern", "et al.", "others", "and 3 others", "Anonymous", "N/A", "null", "-"],
        [{"name": "Ada Quill"}, {"name": "Stern, Bo"}],
        [{"author": {"display_name": "Ada Quill"}}, {"author": {"display_name": "Bo Stern"}}],
        [{"first": "Ada", "last": "Quill"}, {"first": "Bo", "middle": [], "last": "Stern"}],
        [{"given": "Ada", "family": "Quill"}, {"firstName": "Bo", "lastName": "Stern"}],
        [{"first_name": "Ada", "last_name": "Quill"}, {"full_name": "Bo Stern"}],
        [{"forenames": "Ada", "keyname": "Quill"}, {"fullname": "Bo Stern"}],
        [["Quill", "Ada", ""], ["Stern", "Bo", ""]],
        [{"name": "Ada Quill", "hidden": False}, {"user": {"fullname": "x"}, "name": "Bo Stern"}],
        {"name": ["Ada Quill", "Bo Stern"]},
    ],
)  # fmt: skip
def test_two_people(value: object) -> None:
    assert names_of(value) == (ADA, BO)


@pytest.mark.parametrize(
    "value",
    [
        "Quill, A.B., Stern, B.",
        "Quill, A. B.; Stern, B.",
        "Quill A.B.; Stern B.",
        "Quill A.B., Stern B.",
        "Quill A. B., & Stern B.",
        "A.B. Quill, B. Stern",
        "A. B. Quill and B. Stern",
        "A.~B.~Quill and B.~Stern",
        "Quill, A. B., & Stern, B.",
        "Quill, AB; Stern, B",
        "Quill, A B; Stern, B",
        "Quill AB, Stern B",
        ["Quill AB", "Stern B"],
        ["Quill, A.B.", "Stern, B."],
        [{"given": "A.B.", "family": "Quill"}, {"initials": "B", "family": "Stern"}],
    ],
)
def test_initials_have_one_form(value: object) -> None:
    assert names_of(value) == ("A. B. Quill", "B. Stern")


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Quill, Ada", (ADA,)),
        ("Quill, Ada B.", ("Ada B. Quill",)),
        ("van der Berg, Jan", ("Jan van der Berg",)),
        ("van der Berg, Jan and de la Cruz, Ana María", ("Jan van der Berg", "Ana María de la Cruz")),
        ("Jan van der Berg, Ana de la Cruz", ("Jan van der Berg", "Ana de la Cruz")),
        ("Garcia Lopez, Ana", ("Ana Garcia Lopez",)),
        ("García-López, A.-M.; O'Neil, J.", ("A.-M. García-López", "J. O'Neil")),
        ([{"given": "Jan", "family": "Berg", "non-dropping-particle": "van der"}], ("Jan van der Berg",)),
        ([{"given": "Jan", "dropping-particle": "de", "family": "Goor", "suffix": "Jr."}], ("Jan de Goor Jr",)),
        ("Wei Li, Jr., Ada Quill et al.", ("Wei Li Jr", ADA)),
        ("Li, Wei, Jr.; Quill, Ada", ("Wei Li Jr", ADA)),
        ("Li, Jr., Wei and Quill, Ada", ("Wei Li Jr", ADA)),
        ("Wei Li III, Ada Quill", ("Wei Li III", ADA)),
        ("Wei Li, III, Ada Quill", ("Wei Li III", ADA)),
        ("Wei Li, PhD, Ada Quill, MD", (WEI, ADA)),
        (["Li, Wei, Jr", "Wei Li Jr."], ("Wei Li Jr", "Wei Li Jr")),
        ("Wei Li, José García and Ada Quill", (WEI, "José García", ADA)),
        ("C. Bal\\'azs, E. L. Berger", ("C. Balázs", "E. L. Berger")),
        ("Jos&eacute; Garc&iacute;a; Ada Quill", ("José García", ADA)),
        ("Ond\\v{r}ej \\v{S}imek and Ada Quill", ("Ondřej Šimek", ADA)),
        ([{"literal": "River Team"}, {"name": "Tree and Leaf Consortium"}], ("River Team", "Tree and Leaf Consortium")),
        (["River Team", "Institute of Rivers and Trees"], ("River Team", "Institute of Rivers and Trees")),
        ("Quill, Ada (57200000001); Stern, Bo (57200000002)", (ADA, BO)),
        ("[No author name available]", ()),
        ("[Anonymous]", ()),
        ("Anonymous", ()),
        ("[]", ()),
        ("nan", ()),
        (None, ()),
        (5, ()),
        ({}, ()),
        ("李伟, 王芳", ("李伟", "王芳")),
        ("李伟；王芳", ("李伟", "王芳")),
        ("李伟、王芳", ("李伟", "王芳")),
        ("Plato", ("Plato",)),
        ("Quill, Ada; Plato", (ADA, "Plato")),
        ("Wei LI, Bo XU", ("Wei LI", "Bo XU")),
        ("Ada\x00Quill\x1b[31m; Bo\u202eStern", ("Ada Quill [31m", "Bo Stern")),
        (["Ada Quill", "Ada Quill"], (ADA, ADA)),
    ],
)  # fmt: skip
def test_particles_suffixes_and_nobody(value: object, names: tuple[str, ...]) -> None:
    assert names_of(value) == names
