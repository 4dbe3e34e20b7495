// The parts of LibTorch that Intact uses, and the precompiled header of every target that uses it.
// torch/torch.h would bring all of torch::nn with it, whose inline code doubles the time of each translation
// unit.
#pragma once

#include <torch/autograd.h>
#include <torch/nn/module.h>
#include <torch/optim.h>
#include <torch/serialize.h>
#include <torch/types.h>
