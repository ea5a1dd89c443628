// The keys of the shell as a person is told of them: `help keys`, the manual page and the documents are made from this list.

/// A key, or several that do the same, and what it does.
public struct KeyBinding: Sendable, Hashable {
  public let keys: String
  /// One sentence without a final full stop.
  public let meaning: String

  public static let all: [KeyBinding] = [
    KeyBinding(
      keys: "Enter",
      meaning:
        "Runs the statement if it is whole, opens another line if something is open; an empty line at the end runs it all the same (not inside quotes)"
    ),
    KeyBinding(keys: "Alt-Enter", meaning: "Always opens another line"),
    KeyBinding(
      keys: "Tab",
      meaning:
        "Completes: the only candidate, or what all have in common, and a list; Tab again, Shift-Tab, Up and Down choose from it, Enter takes the choice, Ctrl-G leaves"
    ),
    KeyBinding(keys: "Right, End", meaning: "At the end of the text: takes the suggestion shown there"),
    KeyBinding(keys: "Alt-F, Ctrl-Right", meaning: "A word on; at the end of the text: takes a word of the suggestion"),
    KeyBinding(keys: "Alt-B, Ctrl-Left", meaning: "A word back"),
    KeyBinding(keys: "Up, Down", meaning: "A line up or down inside the statement, then older and newer statements"),
    KeyBinding(
      keys: "Ctrl-R",
      meaning:
        "Searches the history for a part of a statement; Ctrl-R again for the match before, Enter runs it, Tab or Right edits it, Ctrl-G leaves"
    ),
    KeyBinding(
      keys: "Ctrl-X Ctrl-E", meaning: "Opens the statement in $VISUAL, $EDITOR or vi; what is saved comes back to be looked at and run"),
    KeyBinding(keys: "Ctrl-_", meaning: "Undoes the last change"),
    KeyBinding(
      keys: "Ctrl-C",
      meaning:
        "While typing: drops the line (Up brings it back); while a statement runs: cancels it, and pressed again ends the nodes that don't answer. Never ends the shell"
    ),
    KeyBinding(keys: "Ctrl-D", meaning: "On an empty line: ends the shell; else deletes a character"),
    KeyBinding(keys: "Ctrl-Z", meaning: "Stops the shell; fg brings it back"),
    KeyBinding(keys: "Ctrl-L", meaning: "Clears the screen"),
    KeyBinding(keys: "Ctrl-A, Ctrl-E, Home, End", meaning: "Start and end of the line"),
    KeyBinding(keys: "Ctrl-W, Alt-Backspace", meaning: "Deletes the word before the cursor"),
    KeyBinding(keys: "Alt-D, Ctrl-Delete", meaning: "Deletes the word behind it"),
    KeyBinding(keys: "Ctrl-U, Ctrl-K, Ctrl-Y, Ctrl-T", meaning: "Cut the line, cut its rest, put back what was cut, swap two characters"),
  ]
}
