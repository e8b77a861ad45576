"""One node for each thing, whatever the order of the papers."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.records import Entity, EntityType, Entry, Extraction, Feed, Mention, Paper, slug
from kg.resolve import Curation, join_papers, normalise, resolve_names


def entity(name: str, kind: EntityType = "Model", *surfaces: str) -> Entity:
    every = surfaces or (name,)
    return Entity(name, kind, "uses", every, tuple(Mention(i, i + 1, s, 0.9) for i, s in enumerate(every)), 0.9)


def found(*entities: Entity) -> Extraction:
    return Extraction(entities, (), (), ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ViT-B/16", "ViT B/16"),
        ("GPT-4", "gpt4"),
        ("Vision Transformers", "vision transformer"),
        (r"\textsc{Ofa}", "OFA"),
        ("ImageNet dataset", "ImageNet"),
        ("GLUE benchmark", "GLUE"),
        ("BERT-Base", "BERT base"),
        ("CLIР", "CLIP"),
        (r"$\beta$-VAE", "β-VAE"),
        ("CLIP's", "CLIP"),
        ("the Stanford Cars dataset", "Stanford Cars"),
        ("WMT 2014", "WMT'14"),
        ("VQA v2.0", "VQAv2"),
        ("Fréchet", "Frechet"),
        ("ViT-Large/14", "ViT-L/14"),
        ("DeiT-Small", "DeiT-S"),
        ("ViT-L/14@336px", "ViT-L/14-336"),
        ("Mixtral-8×7B", "Mixtral-8x7B"),
        ("Gemini Flash 2.0", "Gemini 2.0 Flash"),
        ("F1-macro", "macro F1"),
        ("ΡaliGemma", "PaliGemma"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPT-4", "GPT-4o"),
        ("LLaMA-7B", "LLaMA-13B"),
        ("T5", "T5-XXL"),
        ("C++", "C"),
        ("ImageNet-1k", "ImageNet-21k"),
        ("ViT-S", "ViT"),
        ("YOLOv8s", "YOLOv8"),
        ("Llama-2-7B", "Llama-27B"),
        ("CIFAR-10", "CIFAR-100"),
        ("GPT-4", "GPT-4.1"),
        ("AIME 2024", "AIME 2025"),
        ("データ", "テータ"),
        ("Llama-3 Base", "Llama-3B"),
        ("Gemini 2.5 Flash", "Gemini 2.5 Flash-Lite"),
        ("PixArt-α", "PixArt-Σ"),
    ],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text(min_size=1))
def test_normalising_twice_is_normalising_once(name: str) -> None:
    assert normalise(normalise(name)) == normalise(name)


@given(st.text(min_size=1))
def test_a_slug_is_never_empty_and_plain(name: str) -> None:
    assert set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert slug(name)


def test_short_and_long_form_are_one_node() -> None:
    resolution = resolve_names(
        [
            ("a", found(entity("ViR", "Model", "ViR", "Vision Retention Networks"))),
            ("b", found(entity("Vision Retention Network"))),
            ("c", found(entity("ViR"))),
        ]
    )
    assert [(t.id, t.name, t.papers) for t in resolution.things] == [("model:vir", "ViR", 3)]
    assert "Vision Retention Networks" in resolution.things[0].aliases


def test_one_short_form_of_two_things_is_two_nodes() -> None:
    segment = entity("SAM", "Model", "SAM", "Segment Anything Model")
    sharpness = entity("SAM", "Method", "SAM", "Sharpness-Aware Minimization")
    resolution = resolve_names(
        [("a", found(segment)), ("b", found(segment)), ("c", found(sharpness)), ("d", found(entity("SAM")))]
    )
    assert len(resolution.things) == 2
    assert resolution.of_paper["a"] == resolution.of_paper["b"] == resolution.of_paper["d"]
    assert resolution.of_paper["c"] != resolution.of_paper["a"]


def test_the_corpus_votes_on_the_type() -> None:
    resolution = resolve_names(
        [("a", found(entity("MAE"))), ("b", found(entity("MAE"))), ("c", found(entity("MAE", "Method")))]
    )
    assert [(t.id, t.type) for t in resolution.things] == [("model:mae", "Model")]


def test_more_papers_do_not_tip_a_name_or_a_type() -> None:
    few: list[tuple[str, Extraction]] = [("p1", found(entity("Zeta Net", "Model"))), ("p2", found(entity("Zeta Net")))]
    more = [*few, *((f"p{i}", found(entity("ZetaNet", "Method"))) for i in range(3, 7))]
    clear = [*more, ("p7", found(entity("ZetaNet", "Method")))]
    assert [t.id for t in resolve_names(few).things] == ["model:zeta-net"]
    assert [t.id for t in resolve_names(more).things] == ["model:zeta-net"]
    (thing,) = resolve_names(clear).things
    assert thing.id == "method:zetanet"
    assert {"model:zeta-net", "Zeta Net"} <= set(thing.aliases)


def test_ids_of_what_is_joined_stay_among_the_aliases() -> None:
    apart = [("p1", found(entity("ZAP", "Method"))), ("p2", found(entity("zero all pairs", "Method")))]
    assert [t.id for t in resolve_names(apart).things] == ["method:zap", "method:zero-all-pairs"]
    joined = [*apart, ("p3", found(entity("ZAP", "Method", "ZAP", "zero all pairs")))]
    (thing,) = resolve_names(joined).things
    assert thing.id == "method:zap"
    assert "method:zero-all-pairs" in thing.aliases
    (told,) = resolve_names(apart, Curation(same=(("ZAP", "zero all pairs"),), rename={"ZAP": "Zap!"})).things
    assert told.id == "method:zap"
    assert "method:zero-all-pairs" in told.aliases


def test_the_thing_named_first_keeps_its_id() -> None:
    first, second = found(entity("A@B")), found(entity("A%B"))
    alone = resolve_names([("p1", first)]).of_paper["p1"]
    both = resolve_names([("p1", first), ("p2", second), ("p3", second)])
    assert both.of_paper["p1"] == alone == ("model:a-b",)
    assert both.of_paper["p2"] == both.of_paper["p3"] != alone


def test_two_things_of_the_table_are_not_joined_by_what_papers_say() -> None:
    odd = [(f"p{i}", found(entity("QA", "Task", "QA", "multi-hop question answering"))) for i in range(5)]
    papers = [*odd, ("q", found(entity("question answering", "Task"))), ("r", found(entity("QA", "Task")))]
    resolution = resolve_names(papers)
    assert resolution.of_paper["q"] == resolution.of_paper["r"] == ("task:question-answering",)
    assert resolution.of_paper["p0"] == ("task:multi-hop-question-answering",)


def test_more_than_the_short_form_says_is_a_thing_of_its_own() -> None:
    plain = entity("ZAP", "Method", "ZAP", "zero all pairs")
    longer = entity("ZAP", "Method", "ZAP", "biomedical zero all pairs")
    first, second, third = clusters(plain, longer, entity("ZAP", "Method"))
    assert first == third != second


def test_an_alias_of_another_node_is_left_to_it() -> None:
    snr = found(entity("PSNR", "Metric", "PSNR", "peak signal-to-noise ratio", "SNR"))
    resolution = resolve_names([("a", snr), ("b", found(entity("SNR", "Metric")))])
    psnr = next(thing for thing in resolution.things if thing.name == "PSNR")
    assert "SNR" not in psnr.aliases


def test_names_of_the_table_are_aliases_though_no_paper_writes_them() -> None:
    (thing,) = resolve_names([("a", found(entity("COCO", "Dataset")))]).things
    assert "Microsoft COCO" in thing.aliases


def test_names_as_the_text_has_them_are_aliases() -> None:
    text = r"We train \textsc{Zap} on the ZAPset dataset."
    names = [("Zap", "Model"), ("ZAPset", "Dataset")]
    entities = [
        Entity(n, k, "uses", (n,), (Mention(text.index(n), text.index(n) + len(n), n, 0.9),), 0.9)  # type: ignore[arg-type]
        for n, k in names
    ]
    things = resolve_names([("a", found(*entities))], texts={"a": text}).things
    assert [thing.aliases for thing in things] == [("ZAPset dataset",), ()]  # no mark-up


def test_a_metric_and_its_score_are_one() -> None:
    assert clusters(entity("ZMAF", "Metric"), entity("ZMAF score", "Metric")) == ["metric:zmaf"] * 2
    clip, score = clusters(entity("CLIP", "Model"), entity("CLIP score", "Metric"))
    assert clip != score


@pytest.mark.parametrize("name", ["GaN", "a P", "O^t"])
def test_a_few_letters_that_are_no_short_form_are_not_the_thing_of_the_table(name: str) -> None:
    known = {"GaN": "GAN", "a P": "AP", "O^t": "OT"}[name]
    first, second = clusters(entity(name, "Metric"), entity(known, "Metric" if known == "AP" else "Method"))
    assert first != second


def test_equal_slugs_of_different_names_get_different_ids() -> None:
    resolution = resolve_names([("a", found(entity("A@B"))), ("b", found(entity("A%B")))])
    assert len({thing.id for thing in resolution.things}) == 2


NAMES = st.sampled_from(
    [
        "CLIP",
        "clip",
        "CLIPs",
        "SAM",
        "Segment Anything",
        "Sharpness-Aware Minimization",
        "MAE",
        "LaMDA",
        "lambda",
        "Adam",
        "ViT-B",
        "ViT B",
        "GPT-4",
        "データ",
        "<b>",
        "ZAP",
        "zero all pairs",
        "Zero All Planes",
        "ZAP-2",
        "KG-ZAP",
    ]
)
CURATIONS = st.sampled_from(
    [
        None,
        Curation(
            same=(("ZAP-2", "ZAP"), ("CLIP", "データ")), different=(("CLIP", "clip"), ("SAM", "Segment Anything"))
        ),
        Curation(drop=("Adam",), rename={"zap": "Zap"}, retype={"MAE": "Task"}),
    ]
)


@given(
    st.lists(
        st.lists(
            st.tuples(NAMES, st.sampled_from(["Model", "Method", "Task"]), st.lists(NAMES, max_size=2)), max_size=4
        ),
        max_size=8,
    ),
    CURATIONS,
    st.randoms(),
)
def test_the_order_of_papers_does_not_matter(
    papers: list[list[tuple[str, EntityType, list[str]]]], curation: Curation | None, rng: random.Random
) -> None:
    extractions = [
        (f"p{i}", found(*(entity(name, kind, name, *more) for name, kind, more in paper)))
        for i, paper in enumerate(papers)
    ]
    shuffled = extractions[:]
    rng.shuffle(shuffled)
    assert resolve_names(extractions, curation) == resolve_names(iter(shuffled), curation)


def clusters(*papers: Entity) -> list[str]:
    """The node of each of some papers that name one thing each."""
    resolution = resolve_names([(f"p{i}", found(entity)) for i, entity in enumerate(papers)])
    return [resolution.of_paper[f"p{i}"][0] for i in range(len(papers))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entity("SAM", "Model"), entity("SAM", "Method", "SAM", "Sharpness-Aware Minimization")),
        (entity("MAE", "Model"), entity("MAE", "Metric")),
        (entity("Adam", "Method"), entity("Adam", "Model")),
        (entity("LaMDA", "Model"), entity("lambda", "Metric")),
        (entity("RAG", "Method"), entity("KG-RAG", "Method", "KG-RAG", "RAG")),
        (entity("accuracy", "Metric"), entity("BAcc", "Metric", "BAcc", "Accuracy")),
    ],
)
def test_things_of_one_spelling_stay_apart(one: Entity, other: Entity) -> None:
    first, second = clusters(one, other)
    assert first != second


def test_an_extension_of_a_name_is_called_by_its_own() -> None:
    assert clusters(entity("ZAP", "Method", "KG-ZAP", "ZAP")) == ["method:kg-zap"]


def test_a_known_alias_is_the_known_thing() -> None:
    ids = clusters(
        entity("MS-COCO", "Dataset"), entity("Common Objects in Context", "Benchmark"), entity("COCO", "Dataset")
    )
    assert ids == ["dataset:coco"] * 3


def test_a_definition_of_a_known_short_form_as_something_else_is_another_thing() -> None:
    own = entity("CLIP", "Method", "CLIP", "Clinical Longitudinal Image Parsing")
    first, second, third = clusters(entity("CLIP"), own, own)
    assert first == "model:clip"
    assert second == third != first


def test_a_version_is_a_variant_of_its_family() -> None:
    names = [
        "LLaMA",
        "LLaMA-7B",
        "T5",
        "T5-XXL",
        "ViT",
        "ViT-B/16",
        "Qwen3-VL-4B",
        "Qwen3-VL",
        "SAM-6D",
        "GPT-4o",
        "GPT-4",
    ]
    variants = resolve_names([("p", found(*(entity(name) for name in names)))]).variants
    assert [(variant, family) for variant, family, _ in variants] == [
        ("model:llama-7b", "model:llama"),
        ("model:qwen3-vl-4b", "model:qwen3-vl"),
        ("model:t5-xxl", "model:t5"),
        ("model:vit-b-16", "model:vit"),
    ]
    assert variants[0][2] == "“LLaMA-7B” is “LLaMA” with the size “7B”"


def entry(paper_id: str, title: str, abstract: str = "x", feed: str = "f", rank: int = 1) -> Entry:
    return Entry(Paper(paper_id, title, abstract), Feed(feed), rank)


def test_a_paper_in_two_feeds_is_one_paper_listed_by_both() -> None:
    papers, listings = join_papers([entry("paper:1", "T", feed="a", rank=3), entry("paper:1", "T", feed="b", rank=7)])
    assert [paper.id for paper in papers] == ["paper:1"]
    assert [(x.feed.name, x.papers) for x in listings] == [("a", (("paper:1", 3),)), ("b", (("paper:1", 7),))]


def test_a_title_alone_joins_the_paper_with_an_id() -> None:
    papers, _ = join_papers([entry("paper:1", "A Title"), entry("arxiv:2401.00001", "A title!")])
    assert [paper.id for paper in papers] == ["arxiv:2401.00001"]


def test_two_ids_with_one_title_stay_two_papers() -> None:
    papers, _ = join_papers([entry("arxiv:1", "T"), entry("arxiv:2", "T")])
    assert len(papers) == 2


def test_a_doi_joins_the_preprint_of_the_same_title_and_text() -> None:
    abstract = "Vision Retention Networks handle semantic segmentation with little memory and without attention."
    preprint = entry("arxiv:2401.00001", "A Title", abstract)
    published = entry("doi:10.1/a", "A title.", f"{abstract} Published version.", feed="g")
    other = entry("doi:10.1/b", "A Title", "Something wholly different that happens to have that title.")
    bare = entry("paper:1", "a title", abstract)
    for entries in ([preprint, published, other, bare], [bare, other, published, preprint]):
        papers, listings = join_papers(entries)
        assert [paper.id for paper in papers] == ["arxiv:2401.00001", "doi:10.1/b"]
        assert [x.papers for x in listings if x.feed.name == "g"] == [(("arxiv:2401.00001", 1),)]
    two = [preprint, published, entry("arxiv:2401.00002", "A Title", abstract)]
    assert [paper.id for paper in join_papers(two)[0]] == ["arxiv:2401.00001", "arxiv:2401.00002", "doi:10.1/a"]


def test_the_abstract_added_last_holds() -> None:
    papers, _ = join_papers([entry("arxiv:1", "T", "old"), entry("arxiv:1", "T", "new", feed="g")])
    assert [paper.abstract for paper in papers] == ["new"]
