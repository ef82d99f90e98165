"""Times the training step of a Tiny Recursive Model in PyTorch: the operations of a step and nothing else, to stand
beside trm bench. The full-size Sudoku model, random puzzles, both optimizers, moving average.

    torch-step.py [--batch 64] [--seconds 5] [--small] [--compiled] float32|tf32|bf16 ...

Prints a line for each precision. --compiled has torch.compile make one function of an evaluation of the net, both
layers, which is called for all of them. bf16 keeps weights in float32 and computes in bfloat16 but for norms' sums, the
loss and the optimizers.
"""

import argparse
import math
import time

import torch
import torch.nn.functional as F

SUDOKU = dict(tokens=81, vocabulary=11, puzzle_positions=16, width=512, mixer=512, mlp=1536, h_cycles=3, l_cycles=6)
SMALL = dict(tokens=36, vocabulary=8, puzzle_positions=1, width=64, mixer=256, mlp=256, h_cycles=2, l_cycles=2)
LAYERS = 2


def norm(x):
    return (x.float() * torch.rsqrt(x.float().square().mean(-1, keepdim=True) + 1e-5)).to(x.dtype)


def swiglu(x, gate_up, down):
    gate, up = F.linear(x, gate_up.to(x.dtype)).chunk(2, dim=-1)
    return F.linear(F.silu(gate) * up, down.to(x.dtype))


def evaluate(state, added, layers):
    """One evaluation of the net: mixes tokens, then features, in each layer, with norms behind both."""
    h = state + added
    for token_gate_up, token_down, gate_up, down in layers:
        columns = h.transpose(1, 2)
        h = norm(columns + swiglu(columns, token_gate_up, token_down)).transpose(1, 2)
        h = norm(h + swiglu(h, gate_up, down))
    return h


class Model:

    def __init__(self, sizes, device, dtype):
        self.sizes, self.device, self.dtype = sizes, device, dtype
        positions = sizes["tokens"] + sizes["puzzle_positions"]
        width = sizes["width"]
        self.weights = []
        self.layers = [
            (self.weight(2 * sizes["mixer"], positions), self.weight(positions, sizes["mixer"]),
             self.weight(2 * sizes["mlp"], width), self.weight(width, sizes["mlp"]))
            for _ in range(LAYERS)]
        self.embedding = self.weight(sizes["vocabulary"], width)
        self.head = self.weight(sizes["vocabulary"], width)
        self.q_head = self.weight(2, width)
        self.q_bias = torch.full((2,), -5.0, device=device, requires_grad=True)
        self.weights.append(self.q_bias)
        self.puzzle_row = torch.zeros(1, width, device=device, requires_grad=True)
        self.first = torch.randn(2, width, device=device).to(dtype)
        self.averages = [w.detach().clone() for w in self.weights]
        self.m = [torch.zeros_like(w) for w in self.weights]
        self.v = [torch.zeros_like(w) for w in self.weights]
        self.steps = 0

    def weight(self, rows, columns):
        made = torch.nn.init.trunc_normal_(torch.empty(rows, columns, device=self.device), std=columns ** -0.5)
        self.weights.append(made.requires_grad_())
        return self.weights[-1]

    def embedded(self, inputs, puzzles):
        rows = self.puzzle_row[puzzles].unsqueeze(1)
        puzzle = F.pad(rows, (0, 0, 0, self.sizes["puzzle_positions"] - 1))
        x = torch.cat((puzzle, F.embedding(inputs, self.embedding)), dim=1)
        return math.sqrt(self.sizes["width"]) * x.to(self.dtype)

    def recursion(self, x, low, high, evaluate):
        for cycle in range(self.sizes["h_cycles"]):
            with torch.set_grad_enabled(cycle == self.sizes["h_cycles"] - 1):
                for _ in range(self.sizes["l_cycles"]):
                    low = evaluate(low, high + x, self.layers)
                high = evaluate(high, low, self.layers)
        return low, high

    def loss(self, high, labels):
        logits = F.linear(high[:, self.sizes["puzzle_positions"]:], self.head.to(self.dtype)).double()
        stable = torch.where(logits < 0, 1 / (1 - logits), logits + 1)
        log = torch.log(stable / stable.sum(-1, keepdim=True))
        cells = -log.gather(-1, labels.unsqueeze(-1)).squeeze(-1)
        right = (logits.argmax(-1) == labels).all(-1).float()
        q = F.linear(high[:, 0].float(), self.q_head, self.q_bias)[:, 0]
        return cells.mean(-1).mean() + 0.5 * F.binary_cross_entropy_with_logits(q, right)

    @torch.no_grad()
    def update(self):
        self.steps += 1
        lr, decay, b1, b2 = 1e-4, 1.0, 0.9, 0.95
        gradients = [w.grad for w in self.weights]
        torch._foreach_mul_(self.weights, 1 - lr * decay)
        torch._foreach_mul_(self.m, b1)
        torch._foreach_add_(self.m, gradients, alpha=1 - b1)
        torch._foreach_mul_(self.v, b2)
        torch._foreach_addcmul_(self.v, gradients, gradients, value=1 - b2)
        roots = torch._foreach_sqrt(self.v)
        torch._foreach_div_(roots, math.sqrt(1 - b2 ** self.steps))
        for w, m, root in zip(self.weights, self.m, roots):
            w.sub_(torch.atan2(m, root), alpha=lr / (1 - b1 ** self.steps))
        self.puzzle_row.mul_(1 - lr * decay).sub_(lr * self.puzzle_row.grad.sign())
        torch._foreach_mul_(self.averages, 0.999)
        torch._foreach_add_(self.averages, self.weights, alpha=0.001)
        for w in (*self.weights, self.puzzle_row):
            w.grad = None


def seconds_of(run, device, least):
    def timed():
        start = time.perf_counter()
        run()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter() - start

    for _ in range(3):
        timed()
    samples = []
    while len(samples) < 3 or sum(samples) < least:
        samples.append(timed())
    return sorted(samples)[len(samples) // 2]


def measure(precision, sizes, options, device):
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    model = Model(sizes, device, torch.bfloat16 if precision == "bf16" else torch.float32)
    shape = (options.batch, sizes["tokens"])
    inputs = torch.randint(0, sizes["vocabulary"], shape, device=device)
    labels = torch.randint(0, sizes["vocabulary"], shape, device=device)
    puzzles = torch.zeros(options.batch, dtype=torch.long, device=device)
    positions = sizes["tokens"] + sizes["puzzle_positions"]
    state = [s.expand(options.batch, positions, sizes["width"]).contiguous() for s in model.first]
    net = torch.compile(evaluate, dynamic=False) if options.compiled else evaluate

    def step():
        low, high = model.recursion(model.embedded(inputs, puzzles), *state, net)
        model.loss(high, labels).backward()
        state[:] = low.detach(), high.detach()
        model.update()

    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
    seconds = seconds_of(step, device, options.seconds)
    memory = f"{torch.cuda.max_memory_allocated() / 2 ** 20:,.0f} MiB" if device.type == "cuda" else "-"
    print(f"{precision}, {'compiled' if options.compiled else 'eager'} | {options.batch} | {seconds * 1e3:.4g} ms | "
          f"{options.batch / seconds:.4g} | {memory}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--compiled", action="store_true")
    parser.add_argument("precisions", nargs="+", choices=("float32", "tf32", "bf16"))
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    name = torch.cuda.get_device_name() if device.type == "cuda" else "the processor"
    print(f"PyTorch {torch.__version__} on {name}", flush=True)
    for precision in options.precisions:
        measure(precision, SMALL if options.small else SUDOKU, options, device)


main()
