// Row E: a character-level MLP.

namespace Nudge.Benchmarks;

internal static class CharacterRow
{
    internal static Row Of(Kit kit)
    {
        var task = new Lazy<CharacterTask>(CharacterTask.Load);
        var file = new Lazy<string>(() => kit.Workspace.Write("E.txt", task.Value.Lines()));
        return new Row("E", "character MLP, 3 × 10-200-27 tanh, cross-entropy, SGD, batch 32 drawn inside the step: one training step",
        [
            new(Kinds.C, "C", () => kit.Tools.C("character_mlp.c", "character-mlp", file.Value)),
            kit.OnOneCore("E", () => new CompiledCharacters(task.Value)),
            new(Kinds.Eager, "eager", () => new EagerCharacters(task.Value)),
            new(Kinds.PyTorch, "PyTorch", () => kit.Tools.Torch("pytorch_character_mlp.py", "E", file.Value)),
        ])
        {
            Operations = () => CharacterTask.Operations,
        };
    }
}
