// The format `md`.

struct MarkdownFormat: FileFormat {
  let name = "md"
  let extensions = ["md"]
  let summary = "A Markdown table."
  let writing: (any FormatWriting)? = MarkdownWriter()
}
