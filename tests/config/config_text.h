// Whole configs from parts, and faults found where a mark stands.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/load.h"

namespace intact::test {

// A small valid config; tests replace one section of it. Sections are the indented text below their key.
struct ConfigText {
  std::string top = "name: sample\n";
  std::string data = "  path: /data\n";
  std::string model =
      "  layers:\n"
      "    - {name: conv1, type: conv, out: 4, kernel: 3, batch_norm: true, activation: relu}\n"
      "    - {name: conv2, type: conv, out: 8, kernel: 3, batch_norm: true}\n"
      "    - {name: pool, type: global_avg_pool}\n"
      "    - {name: fc, type: linear, out: 10}\n";
  std::string quantization = "  {}\n";
  std::string train = "  phases: [{kind: qat}]\n";

  std::string str() const {
    return top + "data:\n" + data + "model:\n" + model + "quantization:\n" + quantization + "train:\n" +
           train;
  }
};

inline ConfigText with_data(const std::string& data) {
  ConfigText text;
  text.data = data;
  return text;
}
inline ConfigText with_model(const std::string& model) {
  ConfigText text;
  text.model = model;
  return text;
}
inline ConfigText with_quantization(const std::string& quantization) {
  ConfigText text;
  text.quantization = quantization;
  return text;
}
inline ConfigText with_train(const std::string& train) {
  ConfigText text;
  text.train = train;
  return text;
}

inline ExperimentConfig parse(const ConfigText& text, const std::vector<std::string>& sets = {}) {
  return parse_config(text.str(), "test.yaml", sets);
}

// The text has one '^', which is taken out; the fault must be reported at the character behind it, with
// `message` somewhere in what().
void expect_fault(std::string marked, const std::string& message);
inline void expect_fault(const ConfigText& marked, const std::string& message) {
  expect_fault(marked.str(), message);
}

// The fault has no place inside the text: line and column 0, or lies in a --set.
void expect_fault_as_whole(const std::string& text, const std::vector<std::string>& sets,
                           const std::string& message);

}  // namespace intact::test
