// The command `source`.

extension Command {
  static let source = Command(
    "source", [.required(.path)], usage: "source FILE",
    summary: "Runs the statements of a file",
    examples: ["source tour.dsh", "source nulls.dsh"])
}
