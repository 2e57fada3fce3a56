"""TorchCP: worst-slice coverage, clustered and rank-calibrated class-conditional prediction.
"""

# %% torchcp-worst-slice
import torch
from torchcp.classification.utils.metrics import WSC
x = torch.linspace(0, 1, 1000).reshape(-1, 1)
labels = (x[:, 0] < 0.5).long()
sets = (x > 0.2).repeat(1, 2)  # no row below .2 is covered
answer = WSC(x, sets, labels, delta=0.1, M=20)

# %% torchcp-clustered
import torch
from torchcp.classification.predictor import ClusteredPredictor
from torchcp.classification.score import LAC
labels = torch.arange(100) % 10
logits = 3 * torch.nn.functional.one_hot(labels, 10).float()  # 10 classes with 10 calibration rows each
predictor = ClusteredPredictor(LAC())
predictor.calculate_threshold(logits, labels, 0.1)
answer = predictor.predict_with_logits(logits).sum(1).float().mean().item()

# %% torchcp-clustered-again
import torch
from torchcp.classification.predictor import ClusteredPredictor
from torchcp.classification.score import LAC
few, many, sizes = torch.arange(100) % 10, torch.arange(1000) % 10, []
logits = lambda labels: 3 * torch.nn.functional.one_hot(labels, 10).float()
for earlier in ([], [few]):  # with and without an earlier calibration, on 10 rows a class
    torch.manual_seed(0)
    predictor = ClusteredPredictor(LAC())
    for labels in [*earlier, many]: predictor.calculate_threshold(logits(labels), labels, 0.1)
    sizes.append(predictor.predict_with_logits(logits(few)).sum(1).float().mean().item())
answer = sizes[0] == sizes[1]

# %% torchcp-proportional
import torch
from torchcp.classification.predictor import ClusteredPredictor
from torchcp.classification.score import LAC
torch.manual_seed(0)
labels = torch.arange(1000) % 2
predictor = ClusteredPredictor(LAC(), ratio_clustering=0.5, num_clusters=2, split="proportional")
predictor.calculate_threshold(torch.rand(1000, 2), labels, 0.1)
answer = int(predictor.idx1.sum())  # half of 1000 rows were asked for

# %% torchcp-rc3p
import torch
from torchcp.classification.predictor import RC3PPredictor
from torchcp.classification.score import LAC
labels = torch.arange(100) % 2
logits = 3 * torch.nn.functional.one_hot(labels, 2).float()
predictor = RC3PPredictor(LAC())
predictor.calculate_threshold(logits, labels, 0.1)
answer = predictor.predict_with_logits(logits).sum(1).float().mean().item()
