// `dsh completions`: scripts that teach bash, zsh and fish the command line of dsh.

/// A shell of the system.
enum ShellCompletions: String, CaseIterable {
  case bash, zsh, fish

  /// The script, to be put where the shell looks for such.
  var script: String {
    switch self {
    case .bash: Self.bashScript
    case .zsh: Self.zshScript
    case .fish: Self.fishScript
    }
  }

  private static var optionsWithChoices: [CommandLineOption] { CommandLineOption.all.filter { !$0.choices.isEmpty } }
  private static var optionNames: [String] { CommandLineOption.all.flatMap(\.names) }
  private static var subcommands: [String] { Subcommand.allCases.map(\.rawValue) }

  private static var bashScript: String {
    let cases = optionsWithChoices.map {
      "    \($0.names.joined(separator: "|"))) COMPREPLY=($(compgen -W '\($0.choices.joined(separator: " "))' -- \"$cur\")); return ;;"
    }
    let valued = CommandLineOption.all.filter { $0.value != nil && $0.choices.isEmpty && $0.value != "folder" && $0.value != "file" }
      .flatMap(\.names)
    return """
      # Completions of dsh for bash: source this file, or put it into ~/.local/share/bash-completion/completions/dsh.
      _dsh() {
        local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
        if [ "$COMP_CWORD" -gt 1 ] && [ "${COMP_WORDS[1]}" = test ]; then
          case $cur in
            -*) COMPREPLY=($(compgen -W '\(TestArguments.optionNames.joined(separator: " "))' -- "$cur")) ;;
            *) COMPREPLY=($(compgen -o plusdirs -f -X '!*.golden' -- "$cur") $(compgen -f -X '!*.md' -- "$cur")) ;;
          esac
          return
        fi
        case $prev in
      \(cases.joined(separator: "\n"))
          completions) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur")); return ;;
          \(valued.joined(separator: "|"))) return ;;
        esac
        case $cur in
          -*) COMPREPLY=($(compgen -W '\(optionNames.joined(separator: " "))' -- "$cur")) ;;
          *)
            COMPREPLY=($(compgen -o plusdirs -f -X '!*.dsh' -- "$cur"))
            [ "$COMP_CWORD" -eq 1 ] && COMPREPLY+=($(compgen -W '\(subcommands.joined(separator: " "))' -- "$cur"))
            ;;
        esac
      }
      complete -o filenames -F _dsh dsh
      """
  }

  private static var zshScript: String {
    func quoted(_ text: String) -> String {
      text.replacing("\\", with: "\\\\").replacing("'", with: "'\\''").replacing("[", with: "\\[").replacing("]", with: "\\]").replacing(
        ":", with: "\\:")
    }
    let options = CommandLineOption.all.flatMap { option in
      option.names.map { name in
        let value =
          option.value.map {
            ":\(quoted($0)):"
              + (option.choices.isEmpty ? ($0 == "folder" || $0 == "file" ? "_files" : " ") : "(\(option.choices.joined(separator: " ")))")
          } ?? ""
        return "    '*\(name)[\(quoted(option.summary))]\(value)' \\"
      }
    }
    let subcommands = Subcommand.allCases.map { "'\($0.rawValue):\(quoted($0.summary))'" }.joined(separator: " ")
    return """
      #compdef dsh
      # Completions of dsh for zsh: put this into a file _dsh in a folder of $fpath.
      _dsh_start() {
        local -a subcommands=(\(subcommands))
        _alternative 'subcommands:subcommand:(($subcommands))' 'files:script:_files -g "*.dsh"'
      }
      _dsh_rest() {
        if (( ${words[(I)completions]} )); then _values shell bash zsh fish
        elif [[ ${words[2]} == test && $PREFIX == -* ]]; then compadd -- \(TestArguments.optionNames.joined(separator: " "))
        elif [[ ${words[2]} == test ]]; then _files -g "*.(golden|md)"
        else _files -g "*.dsh"; fi
      }
      _arguments -s \\
      \(options.joined(separator: "\n"))
          '1:script:_dsh_start' '*:script:_dsh_rest'
      """
  }

  private static var fishScript: String {
    func quoted(_ text: String) -> String { "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'" }
    let options = CommandLineOption.all.map { option -> String in
      let names = option.names.map { $0.hasPrefix("--") ? "-l \($0.dropFirst(2))" : "-s \($0.dropFirst())" }.joined(separator: " ")
      let isPath = option.value == "folder" || option.value == "file"
      let value =
        option.value == nil
        ? "" : isPath ? " -r -F" : option.choices.isEmpty ? " -x" : " -x -a \(quoted(option.choices.joined(separator: " ")))"
      return "complete -c dsh \(names)\(value) -d \(quoted(option.summary))"
    }
    let subcommands = Subcommand.allCases.map { "complete -c dsh -n '__fish_is_first_token' -a \($0.rawValue) -d \(quoted($0.summary))" }
    return
      (["# Completions of dsh for fish: put this into ~/.config/fish/completions/dsh.fish."] + options + subcommands
      + ["complete -c dsh -n '__fish_seen_subcommand_from completions' -x -a 'bash zsh fish'"]
      + TestArguments.optionNames.map { "complete -c dsh -n '__fish_seen_subcommand_from test' -l \($0.dropFirst(2))" }).joined(
        separator: "\n")
  }
}
