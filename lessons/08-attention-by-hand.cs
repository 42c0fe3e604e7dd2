// Lesson 8: attention. How a letter looks for others, on one name, with every number shown.
#:project ../src/Nudge/Nudge.csproj
#:property PublishAot=false

// dotnet run lessons/08-attention-by-hand.cs

using Nudge;

// ── Looking back ─────────────────────────────────────────────────────────────────────────────────────────────────────
//
// The network of lesson 7 always looks at the last three letters, whether they matter or not. Now each letter is to look
// back over all letters before it, and take what it needs from where it is. The name is anna, and it is read letter by
// letter, with the boundary in front. So as not to be confused by chance, we choose all numbers ourselves. Each letter
// gets two:

string name = ".anna";
var row = new Dictionary<char, Value[]> { ['.'] = [0, 0], ['a'] = [2, 0], ['n'] = [0, 2] };

// We stand at the second n; four letters have been read. Which of them are like us? To compare two lists of numbers,
// multiply them number by number and add up. This is the dot product: large if both are large in the same places, and 0
// if they have nothing in common.

Value Dot(Value[] a, Value[] b)
{
    Value sum = a[0] * b[0];
    for (int i = 1; i < a.Length; i++)
        sum += a[i] * b[i];
    return sum;
}

Value[] query = row['n'];
Value[][] keys = [row['.'], row['a'], row['n'], row['n']];

Value[] scores = [.. keys.Select(key => Dot(query, key))];
Console.WriteLine(Show(scores)); //>  0.000  0.000  4.000  4.000

// Nothing for the boundary, nothing for the a, 4 for the first n and 4 for ourselves. These are scores, and you know
// how scores become shares that add up to 1: softmax. First we divide by √2, for there are two numbers. (A sum of many
// products is large only because they are many, and would make the shares all or nothing.)

scores = [.. scores.Select(score => score / Math.Sqrt(2))];
Console.WriteLine(Show(scores));                            //>  0.000  0.000  2.828  2.828
Console.WriteLine(Show([.. scores.Select(score => score.Exp())])); //>  1.000  1.000 16.919 16.919

Value[] shares = Softmax.Of(scores);
Console.WriteLine(Show(shares)); //>  0.028  0.028  0.472  0.472

// 16.919 of 35.838 is 0.472. So the second n gives 47 % of its attention to the first n, as much to itself, and next to
// nothing to the others. What does it get for that? From each letter its numbers, times the share, all added up:
//
//     0.028 · (0, 0)  +  0.028 · (2, 0)  +  0.472 · (0, 2)  +  0.472 · (0, 2)

Value[] found = Mix(shares, keys);
Console.WriteLine(Show(found)); //>  0.056  1.888

Value[] Mix(Value[] weights, IReadOnlyList<Value[]> values) =>
    [.. Enumerable.Range(0, values[0].Length).Select(i => Dot(weights, [.. values.Select(value => value[i])]))];

// That is attention: compare, share out, mix. There is nothing in it but +, ·, / and exp, so Backward() goes through it
// as through everything else.

// ── Queries, keys and values ─────────────────────────────────────────────────────────────────────────────────────────
//
// So far each letter looked for its like. That need not be what is wanted. Let an n look for a's. Then what it looks for
// must be another list of numbers than what it is. A layer can make one from the other; without bias and activation, a
// layer is a table of weights. This one swaps two numbers:

var swap = new Layer(2, 2, new Rng(1), Activation.Linear, bias: false);
swap.Parameters.Load([0, 1, 1, 0]);
Console.WriteLine(Show(swap.Forward(row['n']))); //>  2.000  0.000

// Now the n asks the question that an a answers:

query = swap.Forward(row['n']);
shares = Softmax.Of([.. keys.Select(key => Dot(query, key) / Math.Sqrt(2))]);
Console.WriteLine(Show(shares)); //>  0.050  0.849  0.050  0.050

// The same is done three times. Each letter x makes a query Q x, what it looks for; a key K x, what it can be found by;
// and a value V x, what it has to say when found. Three layers, and what they look for is in their weights, which can be
// trained. Nobody has to know beforehand what is worth looking for.
//
// Here is all of it. It reads one letter after the other and keeps the keys and values of those before; so it cannot
// look ahead, for what comes later is not there yet. (The large programs compute all positions at once, and have to cover
// up the later ones.)

Func<Value[], (Value[] Shares, Value[] Found)> Begin(Layer toQuery, Layer toKey, Layer toValue)
{
    var pastKeys = new List<Value[]>();
    var pastValues = new List<Value[]>();
    return x =>
    {
        Value[] ask = toQuery.Forward(x);
        pastKeys.Add(toKey.Forward(x));
        pastValues.Add(toValue.Forward(x));
        Value[] weights = Softmax.Of([.. pastKeys.Select(key => Dot(ask, key) / Math.Sqrt(ask.Length))]);
        return (weights, Mix(weights, pastValues));
    };
}

var same = new Layer(2, 2, new Rng(1), Activation.Linear, bias: false);
same.Parameters.Load([1, 0, 0, 1]);

var read = Begin(same, same, same);
foreach (char letter in name)
    Console.WriteLine($"{letter}  {Show(read(row[letter]).Shares)}");
//> .   1.000
//> a   0.056  0.944
//> n   0.053  0.053  0.894
//> n   0.028  0.028  0.472  0.472
//> a   0.027  0.459  0.027  0.027  0.459

// A row for each letter, and a share for each letter it can see. The fourth row is the one we computed by hand. In the
// last row the a at the end finds the a at the beginning, three places back, and would have found it at ten.

// ── Where is where? ──────────────────────────────────────────────────────────────────────────────────────────────────
//
// Something is missing. Read ann and nan, and look at what the last n finds:

Value[] Last(string word)
{
    var next = Begin(same, same, same);
    Value[][] all = [.. word.Select(letter => next(row[letter]).Found)];
    return all[^1];
}

Console.WriteLine(Show(Last(".ann"))); //>  0.056  1.888
Console.WriteLine(Show(Last(".nan"))); //>  0.056  1.888

// The same. A sum has no order, so attention does not know in which order the letters came. The cure is simple: each place
// gets numbers of its own, and they are added to those of the letter. First place, second place, third: another table of
// dials, as the letters have one.

// ── What can be learned ──────────────────────────────────────────────────────────────────────────────────────────────
//
// Let us see it learn to look. The task: five letters in any order, and after the last of them the network must say which
// was the first. Letters at random, so nothing can be guessed; it has to look at the right place.

var rng = new Rng(8);
const int Width = 6;
var letters = new Embedding(4, Width, rng);
var places = new Embedding(5, Width, rng);
Layer q = Small(Width), k = Small(Width), v = Small(Width), answer = Small(4);

Layer Small(int outputs) => new(Width, outputs, rng, Activation.Linear, Initialization.Xavier, bias: false);

ParameterList dials = [.. letters.Parameters, .. places.Parameters, .. q.Parameters, .. k.Parameters, .. v.Parameters, .. answer.Parameters];
Console.WriteLine(dials.Count); //> 186

(Value[] Shares, Value[] Scores) Answer(int[] word)
{
    var next = Begin(q, k, v);
    (Value[] Shares, Value[] Found) last = ([], []);
    for (int i = 0; i < word.Length; i++)
        last = next([.. letters.Forward(word[i]).Zip(places.Forward(i), (letter, place) => letter + place)]);
    return (last.Shares, answer.Forward(last.Found));
}

// Before it has learned anything, the last letter looks where chance has turned it:

int[] example = [2, 0, 3, 1, 0];
Console.WriteLine($"shares {Show(Answer(example).Shares)}"); //> shares  0.030  0.058  0.200  0.654  0.058

var optimizer = new Adam(dials, learningRate: 0.03);
for (int step = 0; step <= 100; step++)
{
    var losses = new List<Value>();
    for (int i = 0; i < 8; i++)
    {
        int[] word = [.. Enumerable.Range(0, 5).Select(_ => rng.Next(4))];
        losses.Add(Loss.CrossEntropy(Answer(word).Scores, word[0]));
    }
    Value loss = Value.Mean([.. losses]); // forward
    dials.ZeroGradients();                // zero
    loss.Backward();                      // backward
    optimizer.Step();                     // update

    if (step is 0 or 25 or 50 or 100)
        Console.WriteLine($"step {step,3}  loss {loss.Data:F4}");
}
//> step   0  loss 1.4230
//> step  25  loss 0.1897
//> step  50  loss 0.0007
//> step 100  loss 0.0001

// From ln 4 = 1.39, the loss of somebody who guesses among four, to nearly nothing. And where does it look now?

Console.WriteLine($"shares {Show(Answer(example).Shares)}"); //> shares  1.000  0.000  0.000  0.000  0.000

// At the first place, with all its attention. Nobody told it to. It was told to say the right letter, and the gradient
// went back through the answer, the mix, the shares and the scores, into queries and keys and the numbers of the places,
// until the question of the last place and the key of the first had found each other.

// ── From the library ─────────────────────────────────────────────────────────────────────────────────────────────────
//
// CausalSelfAttention is what we have built, with two additions. It has several heads: each does the whole thing with a
// part of the numbers, so that one can look for the letter before and another for the vowel before that. And a last layer,
// called output, mixes what the heads have found.

var attention = new CausalSelfAttention(width: 2, heads: 1, new Rng(1));
foreach (int i in new[] { 0, 4, 8, 12 })
    Console.WriteLine(attention.Parameters.NameAt(i));
//> query.neurons.0.w[0]
//> key.neurons.0.w[0]
//> value.neurons.0.w[0]
//> output.neurons.0.w[0]

// With our weights it finds what we found:

attention.Parameters.Load([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1]);
Func<Value[], Value[]> attend = attention.Begin();
foreach (char letter in ".ann")
    Console.WriteLine($"{letter} {Show(attend(row[letter]))}");
//> .  0.000  0.000
//> a  1.888  0.000
//> n  0.106  1.789
//> n  0.056  1.888

// Letters and places as points, attention that looks back, and a layer or two to think about what was found. All parts
// are on the table. Put together they are called a GPT.
//
//     dotnet run lessons/09-the-gpt.cs

string Show(Value[] values) => string.Join(" ", values.Select(value => $"{value.Data,6:F3}"));
