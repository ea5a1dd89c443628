// The topic `formats`.

import DshFormats
import DshRender

extension Article {
  static let formats = Article(
    "formats", synonyms: ["format"] + FormatRegistry.all.map(\.name),
    summary: "The formats of files, and those that results are printed in",
    lines: ["Files; the ending of the name says which one it is, --format=NAME otherwise:"]
      + Help.aligned(
        FormatRegistry.all.map { format in
          let abilities = [format.canRead ? "read" : nil, format.canWrite ? "written" : nil].compactMap { $0 }
          let endings = format.extensions.map { "." + $0 }.joined(separator: " ")
          return (
            format.name,
            "\(format.summary) \(abilities.isEmpty ? "Not yet." : "Is \(abilities.joined(separator: " and ")).")\(endings.isEmpty ? "" : " \(endings)")"
          )
        })
      + [
        "",
        "Results: \(OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")); for all by set format, for one by --format behind the verb.",
      ],
    examples: [
      Example("range 2 | take --format=json"), Example("read --delim=\",\" --null=NA \"data/penguins.csv\" | schema"),
      Example("set format csv"),
    ],
    related: ["read", "write", "paths", "set"])
}
