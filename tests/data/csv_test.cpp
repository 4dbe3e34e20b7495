// Tables of numbers, and the folder of two of them.
#include "data/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/dataset.h"
#include "data/feature_table.h"
#include "idx_files.h"

namespace intact::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const CsvConfig kPlain{}, kHeader{LabelColumn::kLast, true, FeatureRange::kPerColumn},
    kFirst{LabelColumn::kFirst, false, FeatureRange::kPerColumn};

std::string fault(const std::string& text, const CsvConfig& config = kPlain) {
  return data_error([&] { parse_csv(text, config, "t.csv"); });
}

TEST(Csv, Rows) {
  const CsvTable table = parse_csv("1.5, -2e3 ,3\r\n+4,\t.5,0\n\n \n", kPlain, "t.csv");
  EXPECT_EQ(table.features, 2U);
  EXPECT_THAT(table.values, ElementsAre(1.5, -2000, 4, 0.5));
  EXPECT_THAT(table.labels, ElementsAre(3, 0));
  EXPECT_TRUE(table.names.empty());
}

TEST(Csv, LabelFirstAndNoEndOfLine) {
  const CsvTable table = parse_csv("2.0,5,6\n1,7,8", kFirst, "t.csv");
  EXPECT_THAT(table.values, ElementsAre(5, 6, 7, 8));
  EXPECT_THAT(table.labels, ElementsAre(2, 1));
}

TEST(Csv, Header) {
  const CsvTable table = parse_csv("\"width\", height,class\n1,2,3\n", kHeader, "t.csv");
  EXPECT_THAT(table.names, ElementsAre("width", "height"));
  EXPECT_THAT(table.labels, ElementsAre(3));
}

TEST(Csv, FaultsHaveLineAndColumn) {
  EXPECT_THAT(fault("1,2,3\n1,abc,3\n"), StartsWith("t.csv: line 2, column 2: 'abc' is not a number"));
  EXPECT_THAT(fault("width,class\n1,2\n"),
              AllOf(HasSubstr("line 1, column 1: 'width'"), HasSubstr("data.header: true")));
  EXPECT_THAT(fault("1,2\n1\n"), HasSubstr("line 2, column 1: the line ends here, line 1 has 2 columns"));
  EXPECT_THAT(fault("1,2\n1,2,3\n"), HasSubstr("line 2, column 3: a column more than in line 1"));
  EXPECT_THAT(fault("a,b\n1,2,3\n", kHeader), HasSubstr("line 2, column 3: a column more"));
  EXPECT_THAT(fault("1,,3\n"), HasSubstr("line 1, column 2: nothing where a number is needed"));
  EXPECT_THAT(fault("1,2\n\n1,2\n"), HasSubstr("line 2, column 1: the line is empty"));
  EXPECT_THAT(fault("nan,2\n"), HasSubstr("line 1, column 1: 'nan' is not finite"));
  EXPECT_THAT(fault("1,2\n-inf,2\n"), HasSubstr("line 2, column 1: '-inf' is not finite"));
  EXPECT_THAT(fault("1e999,2\n"), HasSubstr("does not fit a double"));
  EXPECT_THAT(fault("+-1,2\n"), HasSubstr("'+-1' is not a number"));
  EXPECT_THAT(fault("++1,2\n"), HasSubstr("'++1' is not a number"));
  EXPECT_THAT(fault("1 2,2\n"), HasSubstr("'1 2' is not a number"));
  EXPECT_THAT(fault("5\n6\n"), HasSubstr("line 1, column 1: one column only"));
}

TEST(Csv, Labels) {
  for (const char* label : {"256", "-1", "1.5", "1e300"}) {
    EXPECT_THAT(fault(std::string("7,7,") + label + "\n"),
                HasSubstr("line 1, column 3: the label is not a whole number from 0 to 255"));
  }
  EXPECT_THAT(fault("0.5,7\n", kFirst), HasSubstr("line 1, column 1: the label"));
  EXPECT_EQ(parse_csv("7,255\n", kPlain, "t.csv").labels.front(), 255);
}

TEST(Csv, NothingInIt) {
  EXPECT_THAT(fault(""), HasSubstr("t.csv: has no row of numbers"));
  EXPECT_THAT(fault("\n\n"), HasSubstr("has no row of numbers"));
  EXPECT_THAT(fault("a,b\n", kHeader), HasSubstr("has no row of numbers"));
  EXPECT_THAT(fault("", kHeader), HasSubstr("the file is empty"));
}

TEST(Csv, FaultyFieldsAreShownShortAndPrintable) {
  const std::string message = fault(std::string(500, 'x') + ",1\n");
  EXPECT_THAT(message, HasSubstr("'" + std::string(40, 'x') + "...'"));
  EXPECT_THAT(fault(std::string("\x1b[31m,1\n")), HasSubstr("'?[31m'"));
}

TEST(Csv, TooManyFeatures) {
  std::string row;
  for (int i = 0; i < 65537; ++i) row += "1,";
  EXPECT_THAT(fault(row + "1\n"), HasSubstr("more than 65535 features"));
}

class CsvFolder : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    write_file(folder_ / name, Bytes(text.begin(), text.end()));
  }
  DataSplits load(const CsvConfig& csv = {}) {
    config_.kind = DataKind::kCsv;
    config_.path = folder_.path().string();
    config_.csv = csv;
    return load_data(config_);
  }
  std::string error(const CsvConfig& csv = {}) {
    return data_error([&] { load(csv); });
  }
  TempFolder folder_;
  DataConfig config_;
};

// Column 1 spans 0 to 51, so that a step of 0.2 is a byte; 0.1 is half a step and goes up.
TEST_F(CsvFolder, BytesOfEachColumnsRange) {
  write("train.csv", "0,-1,5,0\n51,1,5,1\n0.1,0,5,2\n");
  write("test.csv", "-9,1e9,6,1\n0.2,-1,-5,0\n");
  const DataSplits splits = load();
  EXPECT_EQ(splits.train.height, 1);
  EXPECT_EQ(splits.train.width, 1);
  EXPECT_EQ(splits.train.channels, 3);
  EXPECT_EQ(splits.train.classes, 3);
  EXPECT_THAT(splits.train.images, ElementsAre(0, 0, 0, 255, 255, 0, 1, 128, 0));
  EXPECT_THAT(splits.test.images, ElementsAre(0, 255, 0, 1, 0, 0));  // held to the range of training
  EXPECT_THAT(splits.test.labels, ElementsAre(1, 0));
  EXPECT_EQ(feature_table(splits.features), "feature,min,max\nfeature1,0,51\nfeature2,-1,1\nfeature3,5,5\n");
}

TEST_F(CsvFolder, BytesOfOneRange) {
  write("train.csv", "a,\"b\"\"c\",l\n0,10,0\n51,20,1\n");
  write("test.csv", "a,\"b\"\"c\",l\n51,0,1\n");
  CsvConfig config{LabelColumn::kLast, true, FeatureRange::kGlobal};
  const DataSplits splits = load(config);
  EXPECT_THAT(splits.train.images, ElementsAre(0, 50, 255, 100));
  EXPECT_EQ(splits.features[1].max, 51);
}

TEST_F(CsvFolder, ExtremeRangesDoNotOverflow) {
  write("train.csv", "-1.7e308,0\n1.7e308,1\n0,0\n");
  write("test.csv", "0,0\n");
  EXPECT_THAT(load().train.images, ElementsAre(0, 255, 128));
}

TEST_F(CsvFolder, Shape) {
  write("train.csv", "1,2,3,4,5,6,0\n6,5,4,3,2,1,1\n");
  write("test.csv.gz", "");
  write_file(folder_ / "test.csv.gz",
             gzip({'1', ',', '2', ',', '3', ',', '4', ',', '5', ',', '6', ',', '0'}));
  config_.height = 3;
  config_.width = 2;
  config_.channels = 1;
  const DataSplits splits = load();
  EXPECT_EQ(splits.train.height, 3);
  EXPECT_EQ(splits.train.width, 2);
  EXPECT_EQ(splits.train.channels, 1);
  config_.width = 3;
  EXPECT_THAT(error(),
              HasSubstr("train.csv: has 6 features, but 3x3x1 of data.height, width and channels are 9"));
}

TEST_F(CsvFolder, Faults) {
  write("train.csv", "1,2,0\n");
  EXPECT_THAT(error(), HasSubstr("has no file test.csv[.gz]"));
  write("test.csv", "1,0\n");
  EXPECT_THAT(error(), AllOf(HasSubstr("test.csv: has 1 features"), HasSubstr("train.csv has 2")));
  write("train.csv", "a,b,l\n1,2,0\n");
  write("test.csv", "a,c,l\n1,2,0\n");
  EXPECT_THAT(error({LabelColumn::kLast, true, FeatureRange::kPerColumn}),
              AllOf(HasSubstr("test.csv: feature 2 is named 'c'"), HasSubstr("'b'")));
}

TEST(FeatureTable, NamesAndNumbers) {
  const std::vector<InputFeature> features{{"a,b", 0.1, 1e-300}, {"q\"", -0.0, 3}};
  EXPECT_EQ(feature_table(features), "feature,min,max\n\"a,b\",0.1,1e-300\n\"q\"\"\",-0,3\n");
}

}  // namespace
}  // namespace intact::test
