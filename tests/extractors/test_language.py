"""Only English is read for names; other languages give links and nothing else."""

from __future__ import annotations

import pytest

import extractors
from extractors.language import is_english

GERMAN = (
    "Tiefe Netze\nIn dieser Arbeit stellen wir ein Verfahren vor, das mit einem Netz die Genauigkeit auf ImageNet "
    "erhöht und nicht auf dem Vortraining von BERT beruht. Der Code ist unter https://github.com/a/b zu finden."
)
OTHERS = [
    GERMAN,
    "学习\n我们提出了一种新的方法,用于图像分类和目标检测,在ImageNet上取得了最好的结果",
    "Réseaux\nNous proposons une méthode pour la classification des images dans les réseaux de neurones, qui est "
    "évaluée sur ImageNet avec les modèles de langue et une analyse de ces résultats par les auteurs.",
    "Redes\nPresentamos un modelo para la clasificación de imágenes con redes neuronales que se entrena en ImageNet y "
    "supera los resultados del estado del arte por un amplio margen en los datos de este trabajo.",
]


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages_are_not_english(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "T\n",
        "BERT, GPT-4, LLaMA, ViT\nBERT GPT-4 LLaMA ViT CLIP SAM DINO BLIP PaLM Gemini Qwen Mistral Phi",
        "Bounds\nFor x in R^n, f(x) = sum_i a_i x_i + b, we show min_x f(x) >= c for all n > 2 and d < k log n.",
        "Wir trainieren\nWe train a model of German and evaluate it on translation from the German of the 19th century.",  # noqa: E501
    ],
)
def test_short_formal_and_name_heavy_texts_are_english(text: str) -> None:
    assert is_english(text)


def test_of_another_language_only_the_links_are_read() -> None:
    found = extractors.extraction(extractors.load()(GERMAN))
    assert (found.entities, found.results) == ((), ())
    assert [link.url for link in found.links] == ["https://github.com/a/b"]
