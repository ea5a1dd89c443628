// The command `pwd`.

extension Command {
  static let workingDirectory = Command(
    "pwd", usage: "pwd",
    summary: "Shows the working directory",
    examples: ["pwd", "pwd # where paths start from"])
}
