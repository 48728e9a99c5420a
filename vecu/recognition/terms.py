"""The declaration by which a volunteer leaves expenses to the association, in the words the tax office publishes.

It is a French legal sentence (article 200 of the Code général des impôts; service-public sheet F1132): shown, signed
and kept in French whatever the language of the page. What is kept with a claim is the sentence as it was read that day.
"""

WAIVER = (
    "Je soussigné(e) {name} certifie renoncer au remboursement des frais ci-dessus "
    "et les laisser à l’association en tant que don."
)
LAW = "https://www.service-public.fr/particuliers/vosdroits/F1132"


def waiver_of(name: str) -> str:
    return WAIVER.format(name=name)
