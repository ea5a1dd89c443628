// The topic `_`.

extension Article {
  static let currentDataset = Article(
    "_", synonyms: ["current", "pipelines", "pipeline"],
    summary: "The current dataset, which statements without a dataset of their own work on",
    lines: [
      "A statement that makes a dataset makes it the current one, so that the next can go on with it:", "",
    ]
      + Help.aligned([
        ("read data/weather.csv", "_1 is current"), ("filter wind > 5", "works on it; the result, _2, is current"),
        ("take 3", "shows rows of it; an action changes nothing"), ("_1 | count", "starts from an earlier one, by its number"),
        ("_ | count", "the current one by name, as in union _1 and the like"), ("undo", "makes the one before current again"),
        ("late = filter wind > 5", "names one; a name is never taken back by a number"), ("datasets", "lists them all"),
      ]),
    examples: [
      Example("range 10 | filter id > 6; count; _ | sum id"), Example("small = range 3; range 5; union small | count"),
    ], related: ["datasets", "undo", "names", "let"])
}
