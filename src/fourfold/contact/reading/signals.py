"""Words that decide how a reply reads, in English, German, French, Spanish, Dutch, Portuguese and Swedish.

Two grades: what says plainly that somebody wants no more mail or complains, and what may say so. The first acts, the
second suppresses and asks a person. Each list errs towards stopping.
"""

from __future__ import annotations

import re

_JOINED = re.IGNORECASE | re.UNICODE

STOP = re.compile(
    r"^\W*(?:stop|remove|end|quit|cancel|unsubscribe|stopp|baja|sair|avsluta|afmelden|abmelden)\W*$"
    r"|^\W*(?:stop\W+){2,}$|\bunsubscrib|\bopt(?:ing|ed)?[ -]?(?:me )?out\b"
    r"|\b(?:remove|delete|erase|scrub|purge|wipe|strike|scratch) (?:me|us|my|our|all|any|the|this|every\w*)"
    r"(?: \w+){0,6}? ?(?:list|database|databank|books|system|mailing\w*|distribution|data|details|records?"
    r"|information|cv"
    r"|resume|profile|account|number|address|e-?mail|contact|files?|name|you (?:have|hold))\b"
    r"|\b(?:take|cross|strike|scratch|get|keep|leave|drop|put) (?:me|us|my \w+|our \w+|this \w+) (?:\w+ )?(?:off"
    r"|out|from)\b|\bremove (?:me|us)\b|\bdelete me\b|\bdrop me (?:from|off)"
    r"|\b(?:do not|don.?t|dont|never|no longer|not to|stop|quit|cease|refrain from|rather you didn.t"
    r"|please not) (?:you )?(?:ever )?"
    r"(?:again )?(?:try(?:ing)? to )?(?:contact\w*|e?-?mail\w*|mail\w*|writ\w*|messag\w*|text\w*|approach\w*"
    r"|spam\w*|pester\w*"
    r"|bother\w*|hound\w*|send\w*|get in touch|reach(?:ing)? out|follow(?:ing)? up|chas\w*)\b"
    r"|\b(?:no|any) (?:more|further|future) (?:of (?:these|this|them|your)|e?-?mails?|messages?|contact|letters"
    r"|approaches"
    r"|correspondence|communications?|newsletters?|texts?|alerts|updates|please|from)"
    r"|\bclose (?:down )?my (?:account|profile)|right to (?:be forgotten|object|erasure)|\bI (?:hereby )?object to\b"
    r"|\b(?:art(?:icle|\.)?) ?(?:17|21)\b|\berasure\b|cease (?:and desist|all|any|contact|communicat)"
    r"|\bleave (?:me|us) (?:be|alone)\b"
    r"|\blose (?:my|this) (?:number|address|e-?mail|name|details)|\bforget (?:you have |you ever had )?(?:my"
    r"|this) (?:number"
    r"|address|e-?mail|name|details)|do not sell|withdraw\w* (?:my )?consent|\bdiscontinu\w+|\bdesist\b"
    r"|\b(?:not|n.?t|nor|neither) (?:wish|want|care|like|need|interested)(?:ing)? (?:to (?:hear|receive"
    r"|be (?:contacted|written|e?-?mailed"
    r"|approached|called|on)|get)|any|another|further|more|you|these|this|your|hearing|receiving)\b"
    r"|\b(?:prefer|rather|sooner) (?:not|you did ?n.?t|that you did ?n.?t)\b"
    r"|turn (?:off|these off) |(?<!to )(?<!.d )\bstop (?:this|these|it|now|immediately|please|with|all|the)\b"
    r"|\bplease stop\b",
    _JOINED | re.MULTILINE,
)
STOP_ABROAD = re.compile(
    # German
    r"\babmeld\w*|\baustragen|trag\w* (?:sie )?mich aus|abbestell\w*|lösch\w* (?:sie "
    r"|bitte )*(?:\w+ ){0,3}?(?:daten|mich|adresse|profil"
    r"|nummer|konto|lebenslauf|alles|e-?mail)|(?:daten|adresse|profil|nummer|konto"
    r"|lebenslauf)\b[^.!?]{0,60}\b(?:zu )?lösch"
    r"|\bkeine\w* (?:\w+ ){0,3}?(?:e-?mails?|mails?|nachrichten?|anfragen?|werbung|angebote?|kontakt\w*"
    r"|zuschriften|post)\b"
    r"|nicht (?:mehr|wieder|erneut|weiter)\b[^.!?]{0,50}?(?:kontakt\w*|schreib\w*|anschreib\w*|melde\w*|anruf\w*"
    r"|belästig\w*|angeschrieben"
    r"|angerufen|zusende\w*|schicke\w*)|(?:schreib|kontaktier|meld)\w*\b[^.!?]{0,30}\bnicht (?:mehr|wieder)"
    r"|widerspr[eu]ch\w*"
    r"|aus (?:ihre[mr]|dem|der|eure[mr]) (?:verteiler|datenbank|liste|kartei|newsletter)|unterlass\w*|in ruhe\b"
    r"|streich\w* (?:sie )?mich"
    r"|absehen|sehen sie (?:bitte )?\w* ?(?:künftig |zukünftig )?von|\bverschon"
    # French
    r"|désinscri\w*|désabonn\w*|\bretir(?:er|ez)\b[^.!?]{0,25}(?:moi|mon|mes|coordonnées|adresse|list|fichier"
    r"|base)|\bme retirer"
    r"|ne (?:me |m['’]|nous )?(?:plus\b|contactez|écrivez|appelez|recontact|sollicit|relanc|rappel)\w*"
    r"|ne (?:souhaite|veux|désire)\w* (?:plus|pas"
    r" (?:être|recevoir|que vous))|plus (?:jamais|de (?:mails?|messages?|sollicitation|courriels?|publicité))"
    r"|supprim\w*|effac\w*"
    r"|laissez[- ](?:moi|nous)|cess(?:er|ez)\b|arrêt(?:er|ez)\b|oppos(?:e|ition)\b|\brayez|ôtez"
    # Spanish
    r"|\b(?:de|la|darme|dar|darse|me) baja\b|\bd[ée]n?me de baja|b[oó]rr(?:e|en|ar|adme|enme|eme)\w*|elimin(?:e"
    r"|en|ar|eme|enme)\b|supresión"
    r"|\bno (?:me |nos )?(?:vuelv\w+|escrib\w+|contact\w+|llam\w+|mand\w+|envi\w+|envíe\w*|molest\w+)|no (?:deseo"
    r"|quiero|quisiera|queremos)"
    r" (?:recibir|más|que|ser|volver)|dej(?:e|en|ad)\b[^.!?]{0,15} de |\bquít(?:e|en)me|me opongo|oposición"
    r"|ningún (?:correo|mensaje)"
    # Dutch
    r"|uitschrij\w*|schrijf (?:me|mij) (?:\w+ )?uit|afmeld\w*|verwijder\w*|haal (?:me|mij|mijn|ons)\b"
    r"|niet (?:meer|opnieuw|langer)\b[^.!?]{0,40}"
    r"(?:benader|mail|bel\b|bellen|contact|schrijf|schrijven|app|stuur|sturen|gebeld)\w*|(?:mail|bel|benader"
    r"|schrijf|stuur|app|contacteer)\b"
    r"[^.!?]{0,25}\bniet (?:meer|opnieuw)|geen \w* ?(?:mail\w*|bericht\w*|telefoontjes|contact|aanbiedingen"
    r"|nieuwsbrie\w*|vacatures)\b[^.!?]{0,20}"
    r"\bmeer|geen (?:verdere?|enkele?) |met rust|bezwaar\b|\bwis (?:mijn|alle)|stop (?:met|ermee|er mee)"
    r"|hou\w* (?:er)?mee op"
    # Portuguese
    r"|descadastr\w*|cancel\w+ (?:a |o |meu|minha|os )?(?:\w+ )?(?:inscrição|subscrição|assinatura|cadastro|envio"
    r"|alertas)|\bremov(?:a|am|er|am-me|am-no)\b"
    r"|\bretir(?:em|ar)\b|\bretire(?:-me| (?:o |a |os )?(?:meu|minha|nosso))|\bapag(?:ue|uem|ar)\b|\bexclu(?:a|am"
    r"|ir)\b|não (?:me |nos )?(?:contact\w+|contat\w+|escrev\w+|lig\w+|envi\w+"
    r"|mand\w+|volte\w*|incomod\w*)|não (?:quero|desejo|queremos|pretendo) (?:mais|receber|que|ser|voltar)"
    r"|\bpar(?:em|e) (?:de|com)\b"
    r"|deix(?:em|e)[- ](?:me|de)|me deix\w+ em paz|\boponho|em paz\b|nunca mais"
    # Swedish
    r"|avregistrer\w*|avprenumer\w*|avanmäl\w*|\bta(?:r|g)? bort\b|radera\w*|stryk (?:mig|mina|oss)|plocka bort"
    r"|(?:kontakta|mejla|maila|ring|skriv|hör)"
    r"\b[^.!?]{0,25}\b(?:inte|aldrig|ej)\b|(?:inte|ej|aldrig)\b[^.!?]{0,25}(?:kontaktad|kontaktas|bli uppringd"
    r"|få (?:fler|mer)|ha (?:fler|mer))"
    r"|inga (?:fler|mer)|slut(?:a|ar) (?:skicka|mejla|kontakta|ringa|höra|maila)|lämna (?:mig|oss) ifred|i fred\b"
    r"|invänd\w*",
    _JOINED,
)
# Not a wish to be left alone for good: a time, a place or a channel is named, or one matter only.
NARROWED = re.compile(
    r"\b(?:at (?:work|the office|my desk)|to (?:the|my) (?:office|work|desk|switchboard)|(?:until|till|before"
    r"|unless|während|bis|vorher|jusqu"
    r"|avant|hasta|antes de|tot|voor|até|antes|förrän|innan|fram till)\b|short ?list|application|candidature"
    r"|bewerbung|solicitud|sollicitatie"
    r"|candidatura|ansökan|over de zentrale|über die zentrale|the switchboard|reception\b|my (?:boss|employer"
    r"|manager|referees?|wife|husband)"
    r"|call(?:ing)? (?:me )?(?:during|before|after)|leave (?:me|us) on|my name out of|stop by|stopping|non-?stop"
    r"|bus stop|stopgap"
    r"|hold off|in writing before|work (?:phone|number|e?-?mail|address)|werkmail|the reference|für (?:diese"
    r"|die) stelle|this (?:one|role|job|time)"
    r"|don.t send (?:it|the invoice)|don.t get me wrong)",
    _JOINED,
)
WIDENED = re.compile(
    r"\b(?:or anywhere|anywhere else|at all|ever\b|any ?more|nor\b|nowhere)", _JOINED
)  # takes the narrowing back
STOP_MAYBE = re.compile(
    r"\b(?:enough (?:now|is|already|of)|had enough|that.s enough|fed up|sick (?:and tired )?of|tired of"
    r"|(?<!need to )go away|get lost|jog on|sod off|piss off|f\W?\W?[uc*]?k\W? ?off|bugger off"
    r"|do one\b|on your bike|blocked|blocking|block (?:you|this|your)|junk|spam\w*|harass\w*|pester\w*|hound\w*"
    r"|stalk\w*|bombard\w*"
    r"|last (?:time|message|e?-?mail|one)|final (?:time|warning)|once was enough|let (?:it|this|that) (?:be|drop"
    r"|rest|go)|leave it (?:there|at that|be)"
    r"|no need to (?:write|contact|call|e?-?mail|reply)|deceased|passed away|died|late (?:husband|wife|father"
    r"|mother|son|daughter)"
    r"|cold (?:calls?|e?-?mails?|approaches)|unsolicited|(?:we|please) (?:do not|don.t) (?:use|accept|work with"
    r"|deal with|engage)|^\W*(?:(?:to|dear|attention|note to) (?:all )?)?agenc|no (?:recruitment )?agenc"
    r"|agencies (?:please|must|should|are|who|\W)|never (?:again|ever)\b"
    r"|not (?:now|today|this year)? ?(?:or|nor) ever|for good\b|for ever|forever|in future|ever again"
    r"|\bban\b|(?:off|from) (?:your|this|the|any|whatever) \w*(?: \w+)? ?(?:list|database|books|radar|system"
    r"|mailing|circulation)"
    r"|mailing list|distribution list|(?:take|get|me) (?:me )?off (?:this|these|them)\b|consent|gdpr|ccpa|dsgvo"
    r"|rgpd|lgpd|\bavg\b|privacy|data protection|personal (?:data|information)"
    r"|personenbezogen|données|datos|dados|gegevens|uppgifter|persondata|meine daten|retir(?:ar|er|ez|em)\b"
    r"|unerwünscht|genug|reicht|assez|ça suffit"
    r"|basta|genoeg|chega|nog nu|räcker|nicht mehr|plus jamais|nunca más|nooit meer|nunca mais|aldrig (?:mer|igen)"
    r"|lieber nicht|verzichte|kündig\w*|pas la peine|inutile de|hoeft niet|niet nodig|gräv"
    r"|not (?:to )?(?:be )?(?:bother|disturb)\w*)",
    _JOINED | re.MULTILINE,
)
COMPLAINT = re.compile(
    r"(?<!no )(?<!not a )\bcomplain(?:t|ts|ing|ed)?\b(?! about (?:the weather))|\bico\b|information commissioner"
    r"|\bpecr\b|\btcpa\b|can-?spam|\bftc\b|ombudsman"
    r"|\bregulator|trading standards|do not call (?:list|registry)|statutory|\bdamages\b|\bsue\b|\bsuing\b"
    r"|report(?:ing|ed)? (?:you|this|your)\b"
    r"|\bbreach|unlawful|harass\w*|discriminat\w*|tribunal|legal (?:action|advice|proceedings|department|team"
    r"|counsel)|head of legal|take advice"
    r"|my (?:solicitor|lawyer|attorney|barrister|union)|our (?:solicitors?|lawyers?|legal)|\bformal(?:ly)?\b"
    r"|\bdsar\b|subject access|art(?:icle|\.)? ?15\b"
    r"|supervisory authority|data protection (?:authority|act|officer|commissioner)|\bequality act\b|acas\b"
    r"|small claims|police\b"
    r"|how dare|disgrac\w*|disgust\w*|appalling|outrag\w*|furious|ashamed|shameful|unacceptable|unprofessional"
    r"|livid|scam\w*|fraud\w*|libel|defam\w*"
    r"|who gave you|where did you (?:get|obtain|find)|who (?:sold|passed|authori[sz]ed|told you)|under (?:what"
    r"|which) (?:legal )?basis|lawful basis"
    r"|without (?:my |our )?(?:consent|permission|asking|say-so|knowledge)|apologi[sz]e\b|an apology|in writing\b"
    r"|escalate|your (?:manager|boss|director"
    r"|supervisor|ceo|dpo|head office|data protection)|somebody senior|someone senior|compensation|invoice you"
    r"|\byou liable"
    r"|beschwer\w*|aufsichtsbehörde|datenschutz\w*|rechtsanwalt|\banwalt|anwält\w+|abmahn\w*|frechheit"
    r"|unverschämt\w*|belästig\w*|rechtliche schritte|\buwg\b"
    r"|auskunft|woher haben sie|unzulässig|anzeige|verklag\w*|rechtswidrig|strafbar|unmöglich(?:es)? verhalten"
    r"|plainte|\bcnil\b|inadmissible|inacceptable|scandal\w*|harcèlement|avocat|honteu\w*|mise en demeure|illégal"
    r"|réclamation|par quel moyen"
    r"|comment avez[- ]vous (?:eu|obtenu|trouvé)|signalement|prud['’]?hommes"
    r"|\bqueja\b|denunci\w*|reclamaci\w*|\baepd\b|agencia (?:española )?de protección|abogad\w*|inaceptable"
    r"|vergüenza|vergonzoso|acoso|exij\w+|ilegal"
    r"|quién les (?:dio|autorizó|ha dado)|de dónde (?:han |ha )?(?:sac|obt)\w*"
    r"|klacht\w*|autoriteit persoonsgegevens|advocaat|belachelijk|schandal\w*|onacceptabel|schande|aangifte"
    r"|hoe kom\w* (?:u|jullie|je) aan|onrechtmatig"
    r"|queixa|\bcnpd\b|\banpd\b|procon|advogad\w*|inaceitável|absurdo|vergonha|assédio|exijo|como (?:conseguiram"
    r"|obtiveram|arranjaram)|reclamação"
    r"|\bklag(?:a|omål)\b|anmäl(?:a|er|an|ning|t)\b|integritetsskydd\w*|\bimy\b|advokat|\bjurist|oacceptabelt"
    r"|trakasser\w*|skandal|skäms|var har (?:ni|du) fått",
    _JOINED,
)
NO_COMPLAINT = re.compile(
    r"\b(?:no|not a|without|isn.t a|any) complaints?\b|can.t complain|no harm done|not complaining", _JOINED
)
REPEATED = re.compile(
    r"(?:second|third|fourth|fifth|2nd|3rd|4th|\d(?:th|rd|nd)|umpteenth|last) (?:time|request|reminder)"
    r"|(?:already|previously|repeatedly|keep|twice"
    r"|three times) (?:\w+ ){0,3}(?:ask|told|said|request|unsubscrib|opt)\w*|I (?:did |have |.ve )?(?:asked|told"
    r"|answered|said|replied|wrote)\b[^.?!]{0,60}"
    r"(?:stop|again|remove|not|leave|off|before)|trotz|bereits (?:mehrfach|gesagt|gebeten|widersprochen)"
    r"|déjà (?:dit|demandé|signalé)|ya (?:les |le |os )?"
    r"(?:dije|pedí|he (?:dicho|pedido))|al (?:eerder |twee keer )?(?:gezegd|gevraagd)|já (?:pedi|disse|avisei)"
    r"|redan (?:sagt|bett)",
    _JOINED,
)
CRANKY = re.compile(
    r"!!+|\b(?:stupid|idiot\w*|joke\b|ridiculous|pathetic|nonsense|rubbish|waste of|for (?:god|heaven|christ"
    r"|pete)'?s sake|wtf|seriously\?"
    r"|lazy|clueless|insult\w*|annoy\w*|rude|cheek|bother\w*|bloody|damn|crap|bullshit|are you (?:kidding|serious"
    r"|blind)|read my (?:profile|cv)"
    r"|unsinn|dreist|nervig|énerv\w*|n['’]importe quoi|ridículo|tontería|irritant|onzin|ridículo|palhaçada"
    r"|larvigt|löjligt)\b",
    _JOINED,
)
OUT_OF_OFFICE = re.compile(
    r"out of (?:the )?office|\b(?:on|taking) (?:annual|parental|maternity|paternity|sick|study"
    r"|compassionate) leave\b[^.]{0,80}\b(?:back|return|until|till|due)"
    r"|automat(?:ic|ed|ically generated) (?:reply|response|message|notification|answer)|auto-?reply|autoresponder"
    r"|will not be (?:able to )?(?:check|read)"
    r"|(?:limited|no) access to (?:my )?e?-?mail|has been received and given|have received your (?:message"
    r"|request|enquiry|e?-?mail)"
    r"|abwesenheitsnotiz|nicht im büro|nicht im hause|wird nicht weitergeleitet|automatische antwort"
    r"|actuellement absent|absente? (?:du bureau|jusqu)"
    r"|réponse automatique|fuera de la oficina|respuesta automática|ben (?:afwezig|met verlof|niet aanwezig)"
    r"|automatisch antwoord|fora do escritório"
    r"|resposta automática|estou ausente|autosvar|inte på kontoret|är (?:tjänstledig|på semester)[^.]{0,40}åter",
    _JOINED,
)
WRONG_PERSON = re.compile(
    r"wrong (?:person|number|address|man|woman|guy|chap|one\b|email|\w+ (?:altogether|entirely))|no(?:body| one"
    r"|-one) (?:here )?(?:of|by|called|with) (?:that|this)"
    r"|(?:no longer|doesn.t|does not) works? (?:here|for us|with us|at)|has (?:now )?left (?:the|us|our|this)"
    r"|left the (?:company|organisation|business|firm)"
    r"|shared (?:mailbox|inbox)|mistaken identity|confus\w+ me with|meant for (?:someone|somebody)"
    r"|different (?:person|\w+ \w+)\b|not (?:my|the) (?:name|department)"
    r"|verwechs\w*|falsche[nr]? (?:person|adresse|empfänger|nummer)|arbeitet nicht mehr|erreur (?:de|sur)"
    r"|trompez de|ne travaille plus"
    r"|equivocad\w*|no (?:trabaja|hay) (?:aquí|ningun|nadie)|aquí no|verkeerde (?:persoon|adres|nummer)"
    r"|werkt hier niet|pessoa errada|engano|engan(?:ou|aram|ado)"
    r"|(?:já )?não trabalha (?:aqui|na|no|connosco|conosco)|fel (?:person|adress|nummer)|har slutat"
    r"|jobbar inte (?:här|kvar)",
    _JOINED,
)
REFERRAL = re.compile(
    r"\b(?:speak|talk) to (?!you)(?:my )?[A-Z]\w+|\btry (?:my|[A-Z][a-z]+ [A-Z])|I know (?:just |exactly "
    r"|precisely )?(?:someone|somebody|the (?:very )?person|a (?:chap|guy|woman|lad))"
    r"|forward(?:ed|ing)? (?:this|your|it) (?:on )?to|pass(?:ed|ing)? (?:this|it|your \w+) (?:on )?to|recommend"
    r"|(?:finder|referral).?s? (?:fee|bonus)"
    r"|(?:kenne|wüsste) jemand|meine? kolleg\w+ [^.]{0,60}sucht|je (?:vous )?recommande|je transmets|conozco a"
    r"|le paso|ken iemand|zoekt wel|indico|conheço|känner (?:någon|en)",
    re.UNICODE,
)
