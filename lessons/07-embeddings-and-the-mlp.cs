// Lesson 7: letters become points, and a network looks at three of them at once.
#:project ../src/Nudge/Nudge.csproj
#:property PublishAot=false

// dotnet run lessons/07-embeddings-and-the-mlp.cs

using Nudge;

string[] names =
[
    "emma", "anna", "ella", "hanna", "lena", "lea", "mila", "emil", "elena", "nele", "malin", "helen", "nina", "lina",
    "ida", "ada", "dana", "diana", "linda", "amanda", "daniel", "adam", "david", "eva", "eve", "vera", "erik", "mark",
    "karl", "karin", "maria", "marie", "irene", "rea", "lara", "klara",
];
string[] unseen = ["emilia", "milena", "dina", "mara", "karla", "melina"];

string letters = "." + string.Concat(names.SelectMany(name => name).Distinct().Order());
Console.WriteLine($"{letters}, {letters.Length} tokens"); //> .adehiklmnrv, 12 tokens

IndexValue[] Tokens(string name) => [0, .. name.Select(letter => (IndexValue)letters.IndexOf(letter)), 0];

// ── What a table cannot do ───────────────────────────────────────────────────────────────────────────────────────────
//
// The bigram of lesson 6 has forgotten everything but the last letter. Why not count what follows the last two? Because
// the table grows. One row for each letter is 12 rows; for each pair 144; for each three letters 1,728.

foreach (int seen in new[] { 1, 2, 3, 5 })
    Console.WriteLine($"{seen} letters: {Math.Pow(letters.Length, seen),7:N0} rows of {letters.Length}");
//> 1 letters:      12 rows of 12
//> 2 letters:     144 rows of 12
//> 3 letters:   1,728 rows of 12
//> 5 letters: 248,832 rows of 12

// Our names have fewer than two hundred letters, so most of these rows would stay empty. And it is worse than that. Whatever
// such a table has learned about "lina" says nothing about "nina": another row. A table knows only same and not same.
// What it would take is *similar*.

// ── Letters as points ────────────────────────────────────────────────────────────────────────────────────────────────
//
// So give each letter a few numbers, here two, and call them its place on a map. They are parameters, and begin anywhere.
// If two letters are used in the same way, training can move them close together, and what is learned about one is
// then known about the other. This is an embedding.

var rng = new Rng(3);
var map = new Embedding(rows: letters.Length, width: 2, rng);
Console.WriteLine(map); //> Embedding 12 × 2, 24 parameters

Value[] placeOfA = map.Forward(1);
Console.WriteLine(string.Join(" ", placeOfA.Select(number => $"{number.Data:F4}"))); //> -1.4107 -0.9151

// Nothing is computed there. To look up is to choose: the third and fourth parameter of 24. The gradient goes back to
// those two and to no other.

(placeOfA[0] * 3 + placeOfA[1] * 5).Backward();
Console.WriteLine(string.Join(" ", map.Parameters.Take(6).Select(p => p.HasGrad && p.Grad != 0 ? $"{p.Grad}" : "–"))); //> – – 3 5 – –

// ── Three letters at once ────────────────────────────────────────────────────────────────────────────────────────────
//
// Now take the last three letters, look up each, and lay their numbers side by side: 6 numbers. The rest you know. A
// layer of 12 tanh neurons, and a layer of 12 linear ones, which give the scores. Bengio and others built this in 2003,
// with words.

var hidden = new Layer(6, 12, rng, Activation.Tanh, Initialization.Xavier);
var output = new Layer(12, letters.Length, rng, Activation.Linear, Initialization.Xavier);

Value[] Scores(IndexValue third, IndexValue second, IndexValue last) =>
    output.Forward(hidden.Forward([.. map.Forward(third), .. map.Forward(second), .. map.Forward(last)]));

// At the beginning of a name there are no three letters yet. The boundary fills the gap.

Value[] scores = Scores(0, 0, letters.IndexOf('m'));
Console.WriteLine($"an a after .. and m: {Softmax.Of(scores)[1].Data:F3}"); //> an a after .. and m: 0.056

Console.WriteLine($"{map.Parameters.Count} + {hidden.ParameterCount} + {output.ParameterCount} dials"); //> 24 + 84 + 156 dials

// 264 dials where the table of three letters would have 20,736. The library has this network as CharacterMlp, ready to
// be given names. Its dials are the same, in the same order.

var model = new CharacterMlp(letters.Length, contextLength: 10, new Rng(3), window: 3, embedding: 2, hidden: 12);
Console.WriteLine(model.Parameters.Count); //> 264

// ── Training ─────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Two things are new in the loop, and both are for speed. Not all names are used in each step, but six of them, drawn
// at random: the gradient points nearly the same way, and costs a sixth. And the update is made by Adam, which keeps
// for each dial a step size of its own: longer where the gradient is small and steady, shorter where it is large or
// cannot make up its mind. The four beats are still the four beats.

var optimizer = new Adam(model.Parameters, learningRate: 0.02);

for (int step = 0; step <= 400; step++)
{
    string[] batch = [.. Enumerable.Range(0, 6).Select(_ => names[rng.Next(names.Length)])];
    Value loss = MeanLoss(batch);   // forward
    model.ZeroGradients();          // zero
    loss.Backward();                // backward
    optimizer.Step();               // update

    if (step is 0 or 10 or 100 or 400)
        Console.WriteLine($"step {step,3}  these six {loss.Data:F2}  all names {MeanLoss(names).Data:F2}");
}
//> step   0  these six 2.49  all names 2.44
//> step  10  these six 2.13  all names 2.10
//> step 100  these six 1.68  all names 1.54
//> step 400  these six 1.09  all names 1.13

Value MeanLoss(string[] some) => Value.Mean([.. some.SelectMany(name => model.Losses(Tokens(name)))]);

// It begins at about ln 12 = 2.48, as it knows nothing. The loss of a batch jumps a little, for each batch is other names;
// that of all names goes down. Counting pairs as in lesson 6 gets to:

var pairs = names.Select(Numbers).SelectMany(tokens => tokens.Zip(tokens[1..])).ToList();
int[] Numbers(string name) => [0, .. name.Select(letter => letters.IndexOf(letter)), 0];
double counted = pairs.Average(pair => -Math.Log(pairs.Count(other => other == pair) / (double)pairs.Count(other => other.First == pair.First)));
Console.WriteLine($"{counted:F2}"); //> 1.59

// ── The map ──────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Where have the letters gone? Nobody told the network what a vowel is. For each vowel, its nearest neighbours on the map:

var table = model.Parameters.Take(2 * letters.Length).Select(p => p.Data).ToArray();
double Distance(int a, int b) => Math.Sqrt(Math.Pow(table[2 * a] - table[2 * b], 2) + Math.Pow(table[2 * a + 1] - table[2 * b + 1], 2));

foreach (char vowel in "aei")
{
    int token = letters.IndexOf(vowel);
    var near = Enumerable.Range(0, letters.Length).Where(other => other != token).OrderBy(other => Distance(token, other)).Take(3);
    Console.WriteLine($"{vowel}: {string.Join("  ", near.Select(other => $"{letters[other]} {Distance(token, other):F2}"))}");
}
//> a: k 2.21  l 3.08  e 3.34
//> e: i 0.84  n 1.01  k 1.39
//> i: e 0.84  n 0.94  h 1.78

// e and i have become neighbours: each is the other's nearest. a has gone far away from everything, and rightly so, for
// no letter here is used as a is: most of the names end in it. Similar is what is used similarly, and whoever expected to
// see the vowels in one heap has to look at the names again.

// ── Names it has never seen ──────────────────────────────────────────────────────────────────────────────────────────
//
// A low loss is no proof, said lesson 5. Six names were kept aside and never trained on. How surprised is it by these?

Console.WriteLine($"seen {MeanLoss(names).Data:F2}, unseen {MeanLoss(unseen).Data:F2}"); //> seen 1.13, unseen 1.62

// More than by those it knows, and still less than the 2.48 of knowing nothing. Now train it for twice as long again:

for (int step = 0; step < 800; step++)
{
    model.ZeroGradients();
    MeanLoss([.. Enumerable.Range(0, 6).Select(_ => names[rng.Next(names.Length)])]).Backward();
    optimizer.Step();
}
Console.WriteLine($"seen {MeanLoss(names).Data:F2}, unseen {MeanLoss(unseen).Data:F2}"); //> seen 0.95, unseen 1.97

// The loss of the names it sees went on falling, and that of the others rose. From some step on it has learned nothing more
// about names; it has learned these names by heart. This is called overfitting, and one cannot see it without names
// that were kept aside. They are called the validation set, and whoever trains in earnest watches their loss and keeps
// the model of the moment at which it was lowest.
//
// The cure is more names. With thirty thousand instead of thirty-six, nobody can learn them by heart with a few hundred
// dials, and what is left to learn is what they have in common.
//
// This network looks at three letters, always three. What if the letter that matters stands further back, and sometimes
// here and sometimes there? Then it would have to be looked for.
//
//     dotnet run lessons/08-attention-by-hand.cs
