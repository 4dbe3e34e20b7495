#!/usr/bin/env python3
"""Golden vectors of docs/ARITHMETIC.md sections 3 to 6 from exact rationals: writes requantize.json beside this file
(--check: compares with it instead).

Every real parameter is a double, given to the tests as a hex float and taken here exactly (Fraction). Square roots are rational
approximations with an error below 2^-200. The derivation is carried out in rationals; the product does it in doubles, whose result is
off by a few units of 2^-53 relative, so a value that is rounded or compared must lie further than MARGIN from the point where the
answer changes. Random cases that do not are drawn again; the exact cases (dyadic parameters, where doubles are exact too)
may lie on it: those are the ties. Python's integers then give the outputs.

`low` and `high` state the claim of section 3 without k, r's integers m and b: with T = 2^r (exact output + 1/2) the product's t is
    acc 2^k m / 2^32    |error| <= |acc| 2^k / 2^33 <= 1/4 (m is off by 1/2, A 2^k < 2^31)
    its floor           error in (-1, 0]
    b                   |error| <= 1/2
    v_res m_res         |error| <= vmax_res / 2
so T - 7/4 - vmax_res/2 <= t <= T + 3/4 + vmax_res/2, plus SLACK for the doubles, and y lies between the codes of the two ends.
Where they agree, y is the exact real rounded half up.
"""
import json
import math
import os
import random
import sys
from fractions import Fraction

SEED = 20240917
MARGIN = Fraction(1, 2**16)
SLACK = Fraction(1, 2**12)
HALF = Fraction(1, 2)
TWO31 = 2**31


class TooClose(Exception):
    """A doubles' rounding error could change the answer: draw again."""


class Refused(Exception):
    """No r fits; args: the place that the product must name."""


def floor(x):
    return x.numerator // x.denominator


def round_half_up(x, exact):
    y = floor(x + HALF)
    if not exact and abs(x + HALF - round(x + HALF)) < MARGIN:
        raise TooClose()
    return y


def below(x, limit, exact):
    if not exact and abs(x - limit) < limit * Fraction(1, 2**40):
        raise TooClose()
    return x < limit


def rational_sqrt(x):
    """sqrt(x) to 200 bits after the point of a number scaled to at least 1; exact for squares."""
    shift = 1 << 300
    n, d = x.numerator, x.denominator
    root_n, root_d = math.isqrt(n), math.isqrt(d)
    if root_n * root_n == n and root_d * root_d == d:
        return Fraction(root_n, root_d)
    return Fraction(math.isqrt(n * d * shift * shift), d * shift)


def clamp_code(t, r, grid):
    if grid["kind"] == "bipolar":
        return 1 if t >= 0 else -1
    return max(grid["qmin"], min(grid["qmax"], floor(Fraction(t, 1) / 2**r)))


def offset_of(grid, r):
    return 0 if grid["kind"] == "bipolar" else grid["z"] * 2**r + 2 ** (r - 1)


def shift_of(bound):
    return max(k for k in range(31) if bound * 2**k < TWO31)


def derive(multipliers, offsets, bounds, grid, residual, exact):
    """The integers of section 3; residual: (s_res / s_y, vmax_res) or None."""
    k = shift_of(max(bounds))
    refused = None
    for r in range(16, 0, -1):
        m, b = [], []
        m_res = round_half_up(residual[0] * 2**r, exact) if residual else 0
        fits = True
        for c, (big_m, beta, bound) in enumerate(zip(multipliers, offsets, bounds)):
            m_c = floor(big_m * Fraction(2) ** (32 + r - k) + HALF)
            b_c = floor(beta * 2**r + HALF) + offset_of(grid, r)
            reach = bound * abs(big_m) * 2**r + abs(b_c) + (residual[1] * m_res if residual else 0) + 1
            if not (below(Fraction(abs(m_c)), TWO31, exact) and below(reach, TWO31, exact)):
                fits, refused = False, c
                break
            round_half_up(big_m * Fraction(2) ** (32 + r - k), exact)
            round_half_up(beta * 2**r, exact)
            m.append(m_c)
            b.append(b_c)
        if fits:
            return {"k": k, "r": r, "m": m, "b": b, "m_res": m_res, "bound": max(bounds)}
    raise Refused(f"channel {refused}")


def channel_parameters(case):
    """Exact M_c and (beta - mu g) / s_y per channel."""
    s_x, s_y = Fraction(case["s_x"]), Fraction(case["s_y"])
    out = len(case["weights"])
    s_w = case["s_w"] * out if len(case["s_w"]) == 1 else case["s_w"]
    multipliers, offsets = [], []
    for c in range(out):
        g, beta = Fraction(1), Fraction(case["bias"][c]) if case["bias"] else Fraction(0)
        if case["gamma"]:
            var = Fraction(case["variance"][c]) + Fraction(case["eps"])
            g = Fraction(case["gamma"][c]) / rational_sqrt(var)
            beta = Fraction(case["beta"][c]) - Fraction(case["mean"][c]) * g
        multipliers.append(s_x * Fraction(s_w[c]) * g / s_y)
        offsets.append(beta / s_y)
    return multipliers, offsets


def finish_conv(case, exact):
    """Adds the expected integers and outputs to a case of parameters."""
    multipliers, offsets = channel_parameters(case)
    bounds = [case["vmax"] * sum(abs(w) for w in row) for row in case["weights"]]
    residual = None
    if case["residual"]:
        residual = (Fraction(case["residual"]["scale"]) / Fraction(case["s_y"]), case["residual"]["vmax"])
    try:
        case["expect"] = derive(multipliers, offsets, bounds, case["out"], residual, exact)
    except Refused as refusal:
        case["refused"] = str(refusal)
        case["inputs"] = []
        return case
    q = case["expect"]
    outputs, low, high = [], [], []
    for pixel in case["inputs"]:
        v = [code - case["z"] for code in pixel]
        for c, row in enumerate(case["weights"]):
            acc = sum(w * x for w, x in zip(row, v))
            v_res = v[c] if residual else 0
            t = ((acc * 2 ** q["k"]) * q["m"][c]) // 2**32 + q["b"][c] + v_res * q["m_res"]
            outputs.append(clamp_code(t, q["r"], case["out"]))
            real = acc * multipliers[c] + offsets[c] + (v_res * residual[0] if residual else 0)
            ends(real, q["r"], case["out"], residual[1] if residual else 0, low, high)
    case.update(outputs=outputs, low=low, high=high)
    return case


def ends(real, r, grid, residual_vmax, low, high):
    exact_t = real * 2**r + offset_of(grid, r)
    error = Fraction(residual_vmax, 2) + SLACK
    low.append(clamp_code(exact_t - Fraction(7, 4) - error, r, grid))
    high.append(clamp_code(exact_t + Fraction(3, 4) + error, r, grid))


def grid(kind, bits, z=0, qmin=None, qmax=None):
    if kind == "bipolar":
        return {"kind": kind, "bits": 1, "qmin": -1, "qmax": 1, "z": 0}
    full = (0, 2**bits - 1) if kind == "unsigned" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return {"kind": kind, "bits": bits, "qmin": full[0] if qmin is None else qmin,
            "qmax": full[1] if qmax is None else qmax, "z": z}


def random_grid(rng):
    kind = rng.choice(["unsigned", "unsigned", "asymmetric", "signed", "bipolar", "clipped"])
    bits = rng.randint(2, 8)
    if kind == "asymmetric":
        return grid("unsigned", bits, z=rng.randint(0, 2**bits - 1))
    if kind == "clipped":
        return grid("unsigned", bits, qmax=rng.randint(1, 2**bits - 1))
    return grid(kind, bits)


def random_weights(rng, bits, out, taps):
    if bits == 1:
        return [[rng.choice([-1, 1]) for _ in range(taps)] for _ in range(out)]
    top = 2 ** (bits - 1) - 1
    bottom = -top if bits == 8 else -top - 1
    return [[rng.randint(bottom, top) for _ in range(taps)] for _ in range(out)]


def sample_inputs(rng, taps, weights, count):
    pixels = [[0] * taps, [255] * taps]
    for row in weights:  # the largest and the least accumulator
        pixels.append([255 if w > 0 else 0 for w in row])
        pixels.append([0 if w > 0 else 255 for w in row])
    while len(pixels) < count:
        pixels.append([rng.randint(0, 255) for _ in range(taps)])
    return pixels


def base_case(name, weights, bits, z, inputs):
    return {"name": name, "weight_bits": bits, "weights": weights, "z": z, "vmax": max(z, 255 - z), "s_x": 0.0,
            "s_w": [], "gamma": [], "beta": [], "mean": [], "variance": [], "eps": 0.0, "bias": [], "residual": None,
            "inputs": inputs}


def random_conv(rng, name):
    bits, out, taps = rng.randint(1, 8), rng.randint(1, 5), rng.randint(1, 24)
    residual = rng.random() < 0.35
    if residual:
        taps = out  # the input serves as the residual too
    weights = random_weights(rng, bits, out, taps)
    z = rng.choice([0, 0, rng.randint(0, 255)])
    case = base_case(name, weights, bits, z, sample_inputs(rng, taps, weights, 24))
    case["s_x"] = rng.uniform(0.002, 0.03)
    case["s_w"] = [rng.uniform(0.01, 0.2) for _ in range(rng.choice([1, out]))]
    case["out"] = random_grid(rng)
    spread = case["s_x"] * 0.1 * 2**bits * 100
    if rng.random() < 0.75:
        case["gamma"] = [rng.uniform(-1.5, 1.5) for _ in range(out)]
        case["beta"] = [rng.uniform(-1, 1) for _ in range(out)]
        case["mean"] = [rng.uniform(-spread, spread) for _ in range(out)]
        case["variance"] = [rng.uniform(0.1, 1) * spread**2 for _ in range(out)]
        case["eps"] = rng.choice([1e-5, 1e-3, 0.0])
        width = 4.0
    else:
        if rng.random() < 0.8:
            case["bias"] = [rng.uniform(-spread, spread) for _ in range(out)]
        width = 2 * spread
    steps = case["out"]["qmax"] - case["out"]["qmin"]
    # Down to a thousandth: multipliers above 1 and few fraction bits.
    case["s_y"] = width / steps * rng.choice([1.0, rng.uniform(0.3, 2), 2.0 ** -rng.randint(1, 10)])
    if residual:
        case["residual"] = {"scale": rng.uniform(0.002, 0.03), "vmax": case["vmax"]}
    return finish_conv(case, exact=False)


def exact_convs():
    """Dyadic parameters: doubles are exact, ties are hit."""
    cases = []
    ramp = [[code] for code in (0, 1, 2, 3, 4, 5, 126, 127, 128, 129, 130, 131, 252, 253, 254, 255)]

    def add(name, out, s_y, weights=((1,),), bits=2, z=128, inputs=None, **parameters):
        case = base_case(name, [list(row) for row in weights], bits, z, inputs or ramp)
        case.update(s_x=1.0, s_w=[1.0], out=out, s_y=s_y)
        case.update(parameters)
        cases.append(finish_conv(case, exact=True))

    signed8, unsigned8 = grid("signed", 8), grid("unsigned", 8, z=128)
    add("identity", signed8, 1.0)
    add("halves: every second accumulator is a tie", signed8, 2.0)
    add("quarters", unsigned8, 4.0)
    add("negative weights' scale through gamma: ties still go up", signed8, 2.0, gamma=[-1.0], beta=[0.0], mean=[0.0],
        variance=[0.75], eps=0.25)
    add("square root of 4: g = 1/2", signed8, 1.0, gamma=[1.0], beta=[0.0], mean=[0.0], variance=[3.0], eps=1.0)
    add("mean and beta cancel", signed8, 2.0, gamma=[2.0], beta=[3.0], mean=[3.0], variance=[3.5], eps=0.5)
    add("bias at a tie of the output", signed8, 1.0, bias=[0.5])
    add("bias at a negative tie of the output", signed8, 1.0, bias=[-0.5])
    add("bias at a tie of its last fraction bit", signed8, 1.0, bias=[2.0**-17])
    add("bias at a negative tie of its last fraction bit", signed8, 1.0, bias=[-(2.0**-17)])
    add("multiplier at a tie of its last bit", signed8, 1.0, s_x=1.0 + 2.0**-26)
    add("negative multiplier at a tie of its last bit", signed8, 1.0, s_x=1.0 + 2.0**-26, gamma=[-1.0],
        beta=[0.0], mean=[0.0], variance=[0.75], eps=0.25)
    add("just below a half must not round up", signed8, 1.0, bias=[0.49999999999999994 * 2.0**-16])
    add("multiplier above 1", signed8, 2.0**-4)
    add("multiplier far above 1", signed8, 2.0**-13)
    add("dead channel: gamma 0", signed8, 1.0, gamma=[0.0], beta=[5.5], mean=[7.0], variance=[3.0], eps=1.0)
    add("zero weights", signed8, 1.0, weights=((0,),), bias=[-3.25])
    add("bipolar output: 0 is +1", grid("bipolar", 1), 1.0)
    add("bipolar output, threshold between two integers", grid("bipolar", 1), 1.0, bias=[-1.5])
    add("bipolar output, falling", grid("bipolar", 1), 1.0, gamma=[-1.0], beta=[2.0], mean=[0.0], variance=[0.75],
        eps=0.25)
    add("one bit unsigned output with zero point 1", grid("unsigned", 1, z=1), 4.0)
    add("residual on another scale", signed8, 2.0, residual={"scale": 0.5, "vmax": 128})
    add("residual alone, at ties", signed8, 2.0, weights=((0,),), residual={"scale": 1.0, "vmax": 128})
    add("residual takes the fraction bits", signed8, 2.0**-10, weights=((0,),), residual={"scale": 16.0, "vmax": 128})
    add("refused: the multiplier", signed8, 2.0**-24)
    add("refused: the second channel's bias", signed8, 1.0, weights=((1,), (1,)), bias=[0.0, 2.0**31])
    add("refused: gamma of the third channel", signed8, 1.0, weights=((1,), (1,), (1,)), gamma=[1.0, 1.0, 2.0**24],
        beta=[0.0] * 3, mean=[0.0] * 3, variance=[1.0] * 3, eps=0.0)
    add("refused: the residual", signed8, 1.0, residual={"scale": 2.0**23, "vmax": 128})
    # k = 23: m = M 2^10 at r = 1; 2^31 - 1 is the last, 2^31 - 1/2 rounds up to 2^31.
    add("largest multiplier", signed8, 1.0, s_x=2.0**21 - 2.0**-10)
    add("refused: half a step past it", signed8, 1.0, s_x=2.0**21 - 2.0**-11)
    # 128 M 2 + |b| + 1 = 257 + 2 bias + 1 at r = 1.
    add("largest bias", signed8, 1.0, bias=[2.0**30 - 129.5])
    add("refused: one step past it", signed8, 1.0, bias=[2.0**30 - 129])
    return cases


def random_add(rng, name):
    n = rng.randint(1, 8)
    z = rng.choice([0, rng.randint(0, 255)])
    case = {"name": name, "z": z, "vmax": max(z, 255 - z), "scales": [rng.uniform(0.001, 0.05) for _ in range(n)],
            "out": random_grid(rng), "inputs": list(range(0, 256, 5))}
    width = 2 * sum(case["scales"]) * 128
    case["s_y"] = width / (case["out"]["qmax"] - case["out"]["qmin"]) * 2.0 ** -rng.randint(0, 8)
    return finish_add(case, exact=False)


def finish_add(case, exact):
    s_y = Fraction(case["s_y"])
    ratios = [Fraction(s) / s_y for s in case["scales"]]
    refused = None
    for r in range(15, 0, -1):
        offset, total, m, refused = offset_of(case["out"], r), 0, [], None
        for i, ratio in enumerate(ratios):
            m.append(round_half_up(ratio * 2**r, exact))
            total += case["vmax"] * m[-1]
            if not (m[-1] < 2**15 and total + abs(offset) < TWO31):
                refused = f"input {i}"
                break
        if refused is None:
            break
    if refused is not None:
        case.update(refused=refused, inputs=[])
        return case
    case["expect"] = {"k": 0, "r": r, "m": m, "b": [offset], "m_res": 0, "bound": total}
    case["outputs"], case["low"], case["high"] = [], [], []
    for code in case["inputs"]:
        v = code - case["z"]
        case["outputs"].append(clamp_code(sum(v * x for x in m) + offset, r, case["out"]))
        # Each m_i is off by 1/2 at most; nothing else is rounded.
        exact_t = sum(v * ratio for ratio in ratios) * 2**r + offset
        error = Fraction(len(ratios) * case["vmax"], 2) + SLACK
        case["low"].append(clamp_code(exact_t - error, r, case["out"]))
        case["high"].append(clamp_code(exact_t + error, r, case["out"]))
    return case


def exact_adds():
    cases = []
    for name, scales, s_y, out in [
        ("copy", [1.0], 1.0, grid("unsigned", 8, z=128)),
        ("halves", [1.0], 2.0, grid("signed", 8)),
        ("mean of two", [1.0, 1.0], 2.0, grid("signed", 8)),
        ("sum of eight", [1.0] * 8, 8.0, grid("signed", 8)),
        ("bipolar output", [1.0, 0.5], 1.0, grid("bipolar", 1)),
        ("one fraction bit", [2.0**13], 1.0, grid("signed", 8)),
        ("multiplier at a tie of its last bit", [2.0**-1 + 2.0**-16], 1.0, grid("signed", 8)),
        ("refused: past 16 bits", [1.0, 2.0**14], 1.0, grid("signed", 8)),
    ]:
        case = {"name": name, "z": 128, "vmax": 128, "scales": scales, "s_y": s_y, "out": out,
                "inputs": list(range(0, 256, 3))}
        cases.append(finish_add(case, exact=True))
    return cases


def finish_avg_pool(case, exact):
    count = case["kernel_h"] * case["kernel_w"]
    multiplier = Fraction(case["s_x"]) / (Fraction(case["s_y"]) * count)
    try:
        q = derive([multiplier], [Fraction(0)], [count * case["vmax"]], case["out"], None, exact)
    except Refused as refusal:
        case.update(refused=str(refusal), inputs=[])
        return case
    case["expect"] = q
    case["outputs"], case["low"], case["high"] = [], [], []
    for window in case["inputs"]:
        acc = sum(code - case["z"] for code in window)
        t = ((acc * 2 ** q["k"]) * q["m"][0]) // 2**32 + q["b"][0]
        case["outputs"].append(clamp_code(t, q["r"], case["out"]))
        ends(acc * multiplier, q["r"], case["out"], 0, case["low"], case["high"])
    return case


def random_avg_pool(rng, name):
    kernel_h, kernel_w = rng.randint(1, 7), rng.randint(1, 7)
    z = rng.choice([0, rng.randint(0, 255)])
    count = kernel_h * kernel_w
    case = {"name": name, "z": z, "vmax": max(z, 255 - z), "kernel_h": kernel_h, "kernel_w": kernel_w,
            "s_x": rng.uniform(0.002, 0.03), "out": random_grid(rng)}
    case["inputs"] = [[0] * count, [255] * count] + [[rng.randint(0, 255) for _ in range(count)] for _ in range(10)]
    width = case["s_x"] * 256
    case["s_y"] = width / (case["out"]["qmax"] - case["out"]["qmin"]) * rng.choice([1.0, 0.3, 2.0 ** -rng.randint(1, 9)])
    return finish_avg_pool(case, exact=False)


def exact_avg_pools():
    windows = [[a, b, c, d] for a in (0, 127, 128) for b in (1, 128) for c in (126, 129) for d in (125, 130, 255)]
    return [finish_avg_pool({"name": name, "z": 128, "vmax": 128, "kernel_h": 2, "kernel_w": 2, "s_x": s_x, "s_y": 1.0,
                             "out": out, "inputs": windows}, exact=True)
            for name, s_x, out in [("mean of four: quarters and ties", 1.0, grid("signed", 8)),
                                   ("onto another zero point", 1.0, grid("unsigned", 8, z=100)),
                                   ("bipolar", 1.0, grid("bipolar", 1)),
                                   ("refused", 2.0**25, grid("signed", 8))]]


def logits(rng, name, exact_bias=None):
    out, taps = rng.randint(1, 10), rng.randint(1, 30)
    weights = random_weights(rng, rng.randint(2, 8), out, taps)
    case = {"name": name, "weights": weights, "vmax": 255, "s_x": rng.uniform(0.002, 0.03), "s_w": rng.uniform(0.01, 0.2)}
    bias = [rng.uniform(-20, 20) for _ in range(out)]
    if exact_bias is not None:
        case.update(s_x=0.25, s_w=0.5)
        bias = [exact_bias * 0.125] * out
    case["bias"] = bias
    step = Fraction(case["s_x"]) * Fraction(case["s_w"])
    bound = max(255 * sum(abs(w) for w in row) for row in weights)
    b = [round_half_up(Fraction(x) / step, exact_bias is not None) for x in bias]
    past = [c for c, x in enumerate(b) if bound + abs(x) >= TWO31]
    if past:
        case["refused"] = f"channel {past[0]}"
    else:
        case["expect"] = {"k": 0, "r": 0, "m": [], "b": b, "m_res": 0, "bound": bound}
    return case


def redraw(make, rng, name):
    while True:
        try:
            return make(rng, name)
        except TooClose:
            continue


def hexed(value):
    """Doubles as hex floats: their decimal form is left to nobody."""
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, list):
        return [hexed(x) for x in value]
    if isinstance(value, dict):
        return {k: hexed(v) for k, v in value.items()}
    return value


def main():
    rng = random.Random(SEED)
    cases = {
        "seed": SEED,
        "conv": exact_convs() + [redraw(random_conv, rng, f"random {i}") for i in range(60)],
        "logits": [logits(rng, f"exact {x}", x) for x in (0.5, -0.5, 1.5, -1.5, 7.0, 0.0, 2.0**31)]
        + [redraw(logits, rng, f"random {i}") for i in range(15)],
        "add": exact_adds() + [redraw(random_add, rng, f"random {i}") for i in range(30)],
        "avg_pool": exact_avg_pools() + [redraw(random_avg_pool, rng, f"random {i}") for i in range(30)],
    }
    text = '{"seed": %d' % SEED
    for key in ("conv", "logits", "add", "avg_pool"):
        lines = ",\n  ".join(json.dumps(hexed(case), separators=(",", ":")) for case in cases[key])
        text += f',\n"{key}": [\n  {lines}\n]'
    text += "}\n"
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "requantize.json")
    if sys.argv[1:] == ["--check"]:
        with open(path, encoding="ascii") as file:
            sys.exit(0 if file.read() == text else "requantize.json is not what this program writes: run it")
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


if __name__ == "__main__":
    main()
