// Lesson 9: the GPT, all its parts together, and what changes when it grows.
#:project ../src/Nudge/Nudge.csproj
#:property PublishAot=false

// dotnet run lessons/09-the-gpt.cs

using Nudge;

// ── Names ────────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// This time we take more than a handful: some eight thousand first names come with the library. A tenth of them is kept
// aside, as lesson 7 taught.

(TextDataset names, TextDataset unseen) = TextDataset.Names().Split(0.1, new Rng(1));
Tokenizer letters = names.Tokenizer;

Console.WriteLine($"{names.Count} names, {unseen.Count} kept aside, {letters.Count} tokens"); //> 7563 names, 840 kept aside, 27 tokens
Console.WriteLine(string.Join(" ", names.Documents[0]) + " is " + names.TextOf(0)); //> 0 1 1 18 5 14 0 is aaren

// ── The parts ────────────────────────────────────────────────────────────────────────────────────────────────────────

var model = new Gpt(letters.Count, contextLength: 16, new Rng(1));
Console.WriteLine(model);
//> tokens                     Embedding 27 × 16, 432 parameters
//> positions                  Embedding 16 × 16, 256 parameters
//> norm                       RmsNorm 16, 0 parameters
//> blocks.0.attentionNorm     RmsNorm 16, 0 parameters
//> blocks.0.attention.query   Layer 16 → 16, linear, 256 parameters
//> blocks.0.attention.key     Layer 16 → 16, linear, 256 parameters
//> blocks.0.attention.value   Layer 16 → 16, linear, 256 parameters
//> blocks.0.attention.output  Layer 16 → 16, linear, 256 parameters
//> blocks.0.hiddenNorm        RmsNorm 16, 0 parameters
//> blocks.0.expand            Layer 16 → 64, relu, 1024 parameters
//> blocks.0.contract          Layer 64 → 16, linear, 1024 parameters
//> output                     Layer 16 → 27, linear, 432 parameters
//> total                      4192 parameters

// Most of it you know. The rows of the letter and of its place are added (lesson 8). Attention has four heads, which look
// for four things. After attention a layer of 64 neurons and one of 16 think about what was found: that is an Mlp, with
// ReLU, the activation that is 0 below 0 and does nothing above. The output layer gives a score for each of 27 tokens.
//
// Two things are new, and both are there so that many such blocks can stand on each other. The first is the norm. Numbers
// that go through many layers grow or shrink; the norm brings them to one size, and leaves their proportions alone:

foreach (double[] signal in new double[][] { [3, -4], [300, -400], [0.03, -0.04] })
    Console.WriteLine(string.Join("  ", new RmsNorm(2).Predict(signal).Select(number => $"{number:F3}")));
//> 0.849  -1.131
//> 0.849  -1.131
//> 0.845  -1.127

// The second is a plus sign. A block does not replace what comes in, it adds to it: x + attention(x), then x + mlp(x).
// It is called a residual connection. A sum passes its gradient on to both sides undiminished (lesson 1), so however
// many blocks there are, every one of them hears from the loss directly.
//
// That is a GPT. In the library it is one file, Gpt.cs, and a second for the block, and both are shorter than this lesson.

// ── It is an expression ──────────────────────────────────────────────────────────────────────────────────────────────
//
// And still nothing but + and · and a few functions. How many, for one name?

int Count(Value result)
{
    var met = new HashSet<Value> { result };
    var toLookAt = new Stack<Value>(met);
    while (toLookAt.TryPop(out Value? value))
    {
        foreach (Value input in value.Inputs)
        {
            if (met.Add(input))
                toLookAt.Push(input);
        }
    }
    return met.Count;
}

int[] anna = [0, .. letters.Encode("anna"), 0];
Value surprise = model.Loss(anna);
Console.WriteLine($"loss {surprise.Data:F2}, {Count(surprise)} values"); //> loss 3.21, 41168 values

// In lesson 3 it was 117. The loss is near ln 27 = 3.30, as it should be when nothing is known. And are all gradients right,
// through softmax, norm, attention and all? We nudge every dial of a smaller one and see:

var small = new Gpt(letters.Count, contextLength: 6, new Rng(1), new GptOptions { Width = 4, Heads = 2 });
GradientReport report = GradientCheck.Check(() => small.Loss(anna), small.Parameters);
Console.WriteLine($"{report.Entries.Count} gradients checked, {(report.Passed ? "all agree" : "some do not")}"); //> 432 gradients checked, all agree

// ── The loop ─────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Here it is once more. You could have written it after lesson 5.

var rng = new Rng(1);
var optimizer = new Adam(model.Parameters, learningRate: 0.01, beta1: 0.85, beta2: 0.99);

int[][] Batch() => [.. Enumerable.Range(0, 16).Select(_ => names.Documents[rng.Next(names.Count)])];

for (int step = 0; step <= 10; step++)
{
    Value loss = Value.Mean([.. Batch().Select(name => model.Loss(name))]); // forward
    model.ZeroGradients();                                                  // zero
    loss.Backward();                                                        // backward
    optimizer.Step();                                                       // update

    if (step is 0 or 5 or 10)
        Console.WriteLine($"step {step,2}  loss {loss.Data:F2}");
}
//> step  0  loss 3.32
//> step  5  loss 3.00
//> step 10  loss 2.53

// ── Compiled ─────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// It learns, but it takes its time: each step builds a million values and throws them away, and all steps build the same.
// So let the expression be written down once, and a program be made of it that does the same for any name:

CompiledSequenceLoss compiled = CompiledSequenceLoss.Compile(model, precision: Precision.Double);

// One line. The model is the same one, its dials are the same, and so are the numbers:

Console.WriteLine($"{model.Loss(anna).Data:F10}");   //> 2.2009458386
Console.WriteLine($"{compiled.Evaluate(anna):F10}"); //> 2.2009458386

// Step makes all four beats. The time that ten steps took now does for a thousand.

var everyUnseen = unseen.Documents.ToArray();
for (int step = 0; step <= 1000; step++)
{
    optimizer.LearningRate = 0.01 * (1 - step / 1001.0);
    double loss = compiled.Step(optimizer, Batch());
    if (step is 0 or 100 or 1000)
        Console.WriteLine($"step {step,4}  loss {loss:F2}  unseen {compiled.Evaluate(everyUnseen):F2}");
}
//> step    0  loss 2.57  unseen 2.59
//> step  100  loss 2.40  unseen 2.30
//> step 1000  loss 2.20  unseen 2.14

// The names it has never seen are no worse than the others: with so many, it cannot learn them by heart.

// ── What it makes up ─────────────────────────────────────────────────────────────────────────────────────────────────

string Invent(Rng chance)
{
    Func<IndexValue, Value[]> read = model.Begin();
    string name = "";
    for (int token = 0; name.Length < 15;)
    {
        Value[] probabilities = Softmax.Of(read(token));
        double left = chance.NextDouble();
        for (token = 0; token < letters.Count - 1 && left >= probabilities[token].Data; token++)
            left -= probabilities[token].Data;
        if (token == 0)
            break;
        name += letters.Decode(token);
    }
    return name;
}

var random = new Rng(1);
string[] invented = [.. Enumerable.Range(0, 200).Select(_ => Invent(random))];
foreach (string[] line in invented.Take(24).Chunk(8))
    Console.WriteLine(string.Join(" ", line));
//> marin altistol sana illela sow shere rhec jolileta
//> mousen klirise kory mancolyx grayan jondie ronind alezi
//> daicker dorian demay lacfandi almo rumeyn joltin brann

var known = Enumerable.Range(0, names.Count).Select(names.TextOf).ToHashSet();
Console.WriteLine($"{invented.Count(known.Contains)} of {invented.Length} are names it was trained on"); //> 14 of 200 are names it was trained on

// These are no names, most of them, but one could be called so. It has found out how long names are, that vowels and
// consonants take turns, how they begin and how they end. And it has invented them: few of them stand in the list.

// ── What changes at scale ────────────────────────────────────────────────────────────────────────────────────────────
//
// The models that one talks to are GPTs. How do they differ from this one? First of all in size. The parameters of ours
// can be counted in one line: two tables of letters, one of places, and 12 · width² for each block.

long Parameters(long tokens, long context, long blocks, long width) => 2 * tokens * width + context * width + 12 * blocks * width * width;

Console.WriteLine($"ours                            {Parameters(27, 16, 1, 16),15:N0}");
Console.WriteLine($"GPT-2: 12 blocks, width 768     {Parameters(50257, 1024, 12, 768),15:N0}");
Console.WriteLine($"GPT-3: 96 blocks, width 12,288  {Parameters(50257, 2048, 96, 12288),15:N0}");
//> ours                                      4,192
//> GPT-2: 12 blocks, width 768         162,915,840
//> GPT-3: 96 blocks, width 12,288  175,206,457,344

// (The first GPT-2 is given as 124 million: it uses one table of tokens at both ends. Biases come on top.)
//
// Then, in what is around it. Their tokens are pieces of words and not letters, some fifty thousand of them. Their text is
// not eight thousand names, but a good part of what has been written. Their numbers are computed by many machines at once,
// in few digits, and much craft goes into keeping all of them busy. After the training on text comes another, on
// conversations and on what people thought of the answers.
//
// What does not change is what you have seen: guess the next token, measure the surprise, ask each dial which way is
// down, move it a little. Forward, zero, backward, update.
//
// Train a larger one, and watch the names get better, with
//
//     dotnet run -c Release --project src/Nudge.Cli -- names
