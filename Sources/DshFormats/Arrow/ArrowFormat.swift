// The format `arrow`: its stream passes through pipes; files of it are known by name only.

struct ArrowFormat: FileFormat {
  let name = "arrow"
  let extensions = ["arrow", "arrows", "feather", "ipc"]
  let summary = "Arrow's own columns in a file or a stream."
  let streaming: (any FormatStreaming)? = ArrowStreaming()
}
