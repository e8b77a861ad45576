"""Training of the pipelines that ship in `extractors/weights`. Needs the extra `train`.

    python -m extractors.train --gold GOLD_FOLDER --feed FEED.jsonl.gz

reads annotated abstracts and an unlabelled feed, trains, exports, and writes the weights and their model card.
"""
