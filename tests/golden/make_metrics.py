"""Writes metrics.json: random predictions, with ties, and what scikit-learn and the formulas of the
Open Graph Benchmark (ogb/linkproppred/evaluate.py, here in numpy) make of them.

    python3 make_metrics.py metrics.json     # needs numpy and scikit-learn
"""
import json
import sys

import numpy as np
import sklearn
from sklearn import metrics as sk

rng = np.random.default_rng(7)


def hits(pos, neg, k):
    if len(neg) < k:
        return 1.0
    return float(np.mean(pos > np.sort(neg)[-k]))


def mrr(pos, neg):  # neg: positives x negatives
    optimistic = (neg > pos[:, None]).sum(axis=1)
    pessimistic = (neg >= pos[:, None]).sum(axis=1)
    return float(np.mean(1 / (0.5 * (optimistic + pessimistic) + 1)))


def binary(n, levels):
    labels = (rng.random(n) < 0.3).astype(int)
    labels[:2] = 0, 1
    scores = np.round(rng.normal(labels, 1), levels)
    return dict(scores=scores.tolist(), labels=labels.tolist(), roc_auc=sk.roc_auc_score(labels, scores),
                average_precision=sk.average_precision_score(labels, scores))


def classes(n, c):
    y = np.concatenate([np.arange(c), rng.integers(0, c, n - c)])
    predicted = np.where(rng.random(n) < 0.6, y, rng.integers(0, c, n))
    return dict(y=y.tolist(), predicted=predicted.tolist(), accuracy=sk.accuracy_score(y, predicted),
                macro_f1=sk.f1_score(y, predicted, average="macro"),
                micro_f1=sk.f1_score(y, predicted, average="micro"))


def several(n, c):
    y = (rng.random((n, c)) < 0.4).astype(int)
    y[:2] = [[0] * c, [1] * c]
    logits = np.round(4 * rng.normal(y - 0.5, 1)) / 4
    told = (logits > 0).astype(int)
    return dict(y=y.tolist(), logits=logits.tolist(), accuracy=float((told == y).mean()),
                macro_f1=sk.f1_score(y, told, average="macro"), micro_f1=sk.f1_score(y, told, average="micro"),
                roc_auc=sk.roc_auc_score(y, logits, average="macro"),
                average_precision=sk.average_precision_score(y, logits, average="macro"))


def links(n, m, own):
    pos = np.round(rng.normal(1, 1, n), 1)
    neg = np.round(rng.normal(0, 1, m), 1)
    own_neg = np.round(rng.normal(0, 1, (n, own)), 1)
    return dict(positive=pos.tolist(), negative=neg.tolist(), own_negative=own_neg.ravel().tolist(), own=own,
                hits_1=hits(pos, neg, 1), hits_10=hits(pos, neg, 10), hits_50=hits(pos, neg, 50),
                mrr=mrr(pos, np.tile(neg, (n, 1))), own_mrr=mrr(pos, own_neg))


def regression(n):
    known = np.round(rng.normal(3, 2, n), 2)
    predicted = np.round(known + rng.normal(0, 1, n), 2)
    return dict(known=known.tolist(), predicted=predicted.tolist(),
                rmse=float(np.sqrt(sk.mean_squared_error(known, predicted))),
                mae=sk.mean_absolute_error(known, predicted), r2=sk.r2_score(known, predicted))


golden = dict(made_with=dict(sklearn=sklearn.__version__, numpy=np.__version__),
              binary=[binary(40, 0), binary(60, 1), binary(50, 3)], classes=[classes(40, 3), classes(50, 7)],
              several=[several(30, 4)], links=[links(30, 60, 8), links(20, 40, 5)],
              regression=[regression(30), regression(2)])
with open(sys.argv[1], "w") as out:
    out.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
