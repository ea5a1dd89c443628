// The topic `paths`.

extension Article {
  static let paths = Article(
    "paths", synonyms: ["path", "files", "globs", "glob", "wildcards"], summary: "How files are named in read, write, ls, cd and source",
    lines: Help.aligned([
      ("data/flights.csv", "bare where it has no blank, quote, comma, |, ; or #"), ("\"my data/flights.csv\"", "in quotes otherwise"),
      ("data/*.csv", "every file that fits: * any letters, ? one letter, [a-z] one of these, {a,b} either, ** folders of any depth"),
      ("~/data.csv", "from the home folder on; a file that is called ~ is ./~"), ("$path", "the text of a scalar"),
      ("-", "read: standard input"), ("parts/", "write: a folder of files, one for each block"),
    ]) + ["", "Relative paths count from the working directory: pwd shows it, cd changes it, ls lists it."],
    examples: [
      Example("read data/provinces/*.csv | count"), Example("ls -l data/*.csv"),
      Example("let file = \"data/flights.csv\"; read $file | count"),
    ],
    related: ["read", "write", "ls", "formats"])
}
